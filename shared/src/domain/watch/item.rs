//! Something to watch, as a room keeps it.

use serde::{Deserialize, Serialize};

use super::Source;
use crate::ids::UserId;

/// Something to watch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WatchItem {
    /// Its id in the room.
    pub id: String,
    /// Where it is.
    #[serde(flatten)]
    pub source: Source,
    /// Its title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its length in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<f64>,
    /// Who added it.
    pub added_by: UserId,
}

impl WatchItem {
    /// What names it wherever it is watched: the same in every room.
    pub fn name(&self) -> String {
        self.source.name()
    }

    /// A position within it.
    pub fn clamped(&self, position: f64) -> f64 {
        self.duration.map_or(position, |duration| position.min(duration))
    }
}
