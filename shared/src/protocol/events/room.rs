//! What becomes of a room: `ROOM_UPDATED`, `ROOM_DELETED`, `BROADCAST`, and its host: `HOST_DISCONNECTED`,
//! `HOST_RECONNECTED`, `HOST_CHANGED`.

use serde::Serialize;

use super::Place;
#[cfg(feature = "openapi")]
use super::place::PlaceIfAny;
use crate::ids::UserId;
use crate::openapi_macros::ToSchema;

/// Some of a room's settings have changed.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RoomUpdated {
    /// Those that have, with what they are now. Never the password.
    pub changes: RoomChanges,
    /// Where.
    #[serde(flatten)]
    pub place: Place,
}

/// What has changed of a room, named as in its details.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
pub struct RoomChanges {
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<String>,
    /// What it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub description: Option<String>,
    /// Whether it is kept off the public list.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub is_private: Option<bool>,
    /// How one gets in: `OPEN`, `PASSWORD` or `APPROVAL`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub entry_mode: Option<&'static str>,
    /// Whether messages are taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub is_chat_enabled: Option<bool>,
    /// Whether nobody new gets in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub is_locked: Option<bool>,
    /// How many members there may be; null for any number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u32>)]
    pub capacity: Option<Option<u32>>,
    /// The pause between one person's messages, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub slow_mode_seconds: Option<u32>,
    /// How long messages are kept; null for ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<RetentionBody>)]
    pub retention: Option<Option<RetentionBody>>,
    /// Who may add to the queue: `HOST` or `MEMBERS`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub who_may_queue: Option<&'static str>,
    /// Whether playing waits until everybody is ready.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub ready_gate: Option<bool>,
    /// Whether what has been watched comes last in the queue again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub loop_queue: Option<bool>,
    /// Whether other programs are told what happens here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub webhooks: Option<bool>,
    /// Who has what is watched; null if it is nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub video_provider: Option<Option<String>>,
    /// What its provider calls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub video_id: Option<Option<String>>,
}

/// Something for each field of [`RoomChanges`].
macro_rules! each_field {
    ($each:ident) => {
        $each! {
            name description is_private entry_mode is_chat_enabled is_locked capacity slow_mode_seconds retention
            who_may_queue ready_gate loop_queue webhooks video_provider video_id
        }
    };
}

impl RoomChanges {
    /// Without what was the same before.
    #[must_use]
    pub fn since(mut self, before: &Self) -> Self {
        macro_rules! differing {
            ($($field:ident)*) => { $(if self.$field == before.$field { self.$field = None; })* };
        }
        each_field!(differing);
        self
    }

    /// Without what has another name than these.
    #[must_use]
    pub fn only(mut self, names: &[String]) -> Self {
        macro_rules! named {
            ($($field:ident)*) => {
                $(if !names.iter().any(|name| name == stringify!($field)) { self.$field = None; })*
            };
        }
        each_field!(named);
        self
    }

    /// What has changed, by name.
    pub fn names(&self) -> Vec<String> {
        macro_rules! names {
            ($($field:ident)*) => {
                [$((stringify!($field), self.$field.is_some())),*]
            };
        }
        let fields = each_field!(names);
        fields.into_iter().filter(|(_, is_there)| *is_there).map(|(name, _)| name.to_owned()).collect()
    }
}

/// How long messages are kept. With both bounds, whichever is reached first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct RetentionBody {
    /// For so many days.
    #[schema(required)]
    pub days: Option<u32>,
    /// The last so many.
    #[schema(required)]
    pub messages: Option<u32>,
}

/// The room was closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RoomDeleted {
    /// Where.
    #[serde(flatten)]
    pub place: Place,
}

/// A text for a room or a person, from whoever runs the place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Announcement {
    /// The text.
    pub text: String,
    /// The room; none if it is for one person.
    #[serde(flatten)]
    #[schema(value_type = PlaceIfAny)]
    pub place: Option<Place>,
}

/// The host has no socket in the room any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct HostDisconnected {
    /// In how many seconds somebody else becomes host, unless they come back.
    pub grace_seconds: u32,
    /// Where.
    #[serde(flatten)]
    pub place: Place,
}

/// The host is back in time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct HostReconnected {
    /// Where.
    #[serde(flatten)]
    pub place: Place,
}

/// Somebody else is host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct HostChanged {
    /// Their name.
    pub host: String,
    /// Their number.
    pub host_id: UserId,
    /// Where.
    #[serde(flatten)]
    pub place: Place,
}

/// Somebody wants to join, or has been answered: `JOIN_REQUESTED` to host and co-hosts, `JOIN_APPROVED` and `JOIN_DENIED`
/// to the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct JoinNotice {
    /// The name of who wants to join.
    pub user: String,
    /// Their number.
    pub user_id: UserId,
    /// Where.
    #[serde(flatten)]
    pub place: Place,
}
