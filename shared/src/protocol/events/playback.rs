//! What is watched, and where it stands: `PLAYBACK_STATE`, `SYNC_CORRECTION`, `MEDIA_CHANGED`, `QUEUE_UPDATED`,
//! `WAITING_FOR`.

use serde::Serialize;

use super::Place;
use super::fitting::{Budget, json_bytes};
use crate::ids::UserId;
use crate::openapi_macros::ToSchema;
use crate::protocol::Timestamp;

/// The most items of a queue that are told.
pub const MAX_QUEUE_TOLD: usize = 100;

/// Something to watch.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct QueueItem {
    /// Its id in the room.
    pub id: String,
    /// Who has it: `media` for what was uploaded here, `url` for anything by its URL, `youtube` …
    pub provider: String,
    /// What the provider calls it; of `url` the URL.
    pub video_id: String,
    /// Where a player finds it.
    #[schema(required)]
    pub url: Option<String>,
    /// Its title.
    #[schema(required)]
    pub title: Option<String>,
    /// Its length in seconds.
    #[schema(required)]
    pub duration: Option<f64>,
    /// URL of a picture of it.
    #[schema(required)]
    pub poster: Option<String>,
    /// Who added it.
    pub added_by: NamedPerson,
}

/// Somebody, by number and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NamedPerson {
    /// Their number.
    pub id: UserId,
    /// Their name.
    pub name: String,
}

/// Where playing stands.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PlaybackState {
    /// Whether it plays.
    pub is_playing: bool,
    /// The position in seconds at `starts_at`, if that is there, else at `server_time`.
    pub time: f64,
    /// How many changes there have been.
    pub version: u64,
    /// When this was sent.
    pub server_time: Timestamp,
    /// The moment for which `time` holds, if it is yet to come.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub starts_at: Option<Timestamp>,
    /// How fast it plays.
    pub rate: f64,
    /// What is watched; none if nothing is chosen.
    #[schema(required)]
    pub item: Option<String>,
    /// It plays as soon as everybody is ready.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub waiting: bool,
    /// Why this is sent.
    pub cause: PlaybackCause,
    /// Where.
    #[serde(flatten)]
    pub place: Place,
}

/// Why a [`PlaybackState`] is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum PlaybackCause {
    /// Its receiver has entered the room.
    Join,
    /// Somebody who may has changed it.
    Command,
    /// Something else is watched.
    Media,
    /// Everybody is ready, or the wait for them is over.
    Gate,
    /// There is no host any more, or another one.
    Host,
}

/// One player is somewhere else than the room.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SyncCorrection {
    /// The position at `server_time`, in seconds.
    pub time: f64,
    /// Whether it plays.
    pub is_playing: bool,
    /// The version of that state.
    pub version: u64,
    /// When this was sent.
    pub server_time: Timestamp,
    /// How fast to play in order to be there soon.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub rate: Option<f64>,
    /// For how long, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub seconds: Option<f64>,
    /// Where.
    #[serde(flatten)]
    pub place: Place,
}

/// Something else is watched.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct MediaChanged {
    /// What; none if it is nothing.
    #[schema(required)]
    pub item: Option<QueueItem>,
    /// Where.
    #[serde(flatten)]
    pub place: Place,
}

/// Something else is watched next.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct QueueUpdated {
    /// What is watched next, in that order; as much as fits, at most [`MAX_QUEUE_TOLD`].
    pub queue: Vec<QueueItem>,
    /// Whether there is more.
    pub more: bool,
    /// Where.
    #[serde(flatten)]
    pub place: Place,
}

/// Playing waits for somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct WaitingFor {
    /// The version that they are to be ready for.
    pub version: u64,
    /// For whom, as many as fit.
    pub users: Vec<NamedPerson>,
    /// For how many.
    pub count: usize,
    /// Until when at most.
    pub until: Timestamp,
    /// Where.
    #[serde(flatten)]
    pub place: Place,
}

impl QueueUpdated {
    /// As much of a queue as fits.
    pub fn fitting(place: Place, mut queue: Vec<QueueItem>) -> Self {
        let (mut budget, length) = (Budget::default(), queue.len());
        let told = queue.iter().take(MAX_QUEUE_TOLD).take_while(|item| budget.takes(json_bytes(item)));
        let told = told.count();
        queue.truncate(told);
        Self { queue, more: told < length, place }
    }
}

impl WaitingFor {
    /// As many people as fit.
    pub fn fitting(place: Place, version: u64, mut users: Vec<NamedPerson>, until: Timestamp) -> Self {
        let (mut budget, count) = (Budget::default(), users.len());
        let told = users.iter().take_while(|user| budget.takes(json_bytes(user))).count();
        users.truncate(told);
        Self { version, users, count, until, place }
    }
}
