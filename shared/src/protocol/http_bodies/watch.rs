//! Bodies of answers about what is watched.

use serde::Serialize;

use crate::ids::MediaId;
use crate::openapi_macros::ToSchema;
use crate::protocol::Timestamp;

/// What is watched in a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SourceBody {
    /// The room's code.
    pub room_id: String,
    /// Who has it.
    pub video_provider: String,
    /// What the provider calls it.
    pub video_id: String,
}

/// How far somebody is with something.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ProgressBody {
    /// The room's code.
    pub room_id: String,
    /// What its player calls it.
    pub media_id: String,
    /// What it is.
    pub media_type: String,
    /// The season, of a series.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub season: Option<u32>,
    /// The episode, of a series.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub episode: Option<u32>,
    /// The position in seconds.
    pub timestamp: f64,
    /// How long it is, in seconds; 0 if that is not known.
    pub duration: f64,
    /// How much of it has been watched, in percent.
    pub progress_percent: f64,
    /// Whether it has been watched to its end.
    pub completed: bool,
}

/// Something that somebody has watched.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct WatchedBody {
    /// How far.
    #[serde(flatten)]
    pub progress: ProgressBody,
    /// Its title, if that is known.
    #[schema(required)]
    pub title: Option<String>,
    /// When that was noted.
    #[schema(value_type = String, format = DateTime)]
    pub saved_at: Timestamp,
}

/// Where somebody left off.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct ResumeBody {
    /// How much has been watched, in percent.
    pub progress_percent: f64,
    /// The position in seconds.
    pub last_position_seconds: f64,
    /// Whether it has been watched to its end.
    pub completed: bool,
}

/// Something that can be watched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FoundBody {
    /// `media`: it is here.
    pub provider: &'static str,
    /// The medium's id.
    #[schema(value_type = uuid::Uuid)]
    pub stream_id: MediaId,
    /// `audio` or `video`.
    pub media_type: &'static str,
    /// The name of the file.
    pub title: String,
    /// A picture of it; none is known.
    #[schema(required)]
    pub poster: Option<String>,
    /// When it came out; that is not known.
    #[schema(required)]
    pub release_year: Option<u16>,
}
