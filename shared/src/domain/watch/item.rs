//! Something to watch, as a room keeps it.

use serde::{Deserialize, Serialize};

use super::{Figures, Source};
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
    /// The URL of a picture of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poster: Option<String>,
    /// Who added it.
    pub added_by: UserId,
}

impl WatchItem {
    /// What names it wherever it is watched: the same in every room.
    pub fn name(&self) -> String {
        self.source.name()
    }

    /// Whether it is not known what it is called, or how long it is.
    pub fn lacks_figures(&self) -> bool {
        self.title.is_none() || self.duration.is_none()
    }

    /// With what its provider tells of it; what was said when it was chosen stands.
    #[must_use]
    pub fn knowing(self, figures: Figures) -> Self {
        Self {
            title: self.title.or(figures.title),
            duration: self.duration.or(figures.duration),
            poster: self.poster.or(figures.poster),
            ..self
        }
    }

    /// A position within it.
    pub fn clamped(&self, position: f64) -> f64 {
        self.duration.map_or(position, |duration| position.min(duration))
    }
}
