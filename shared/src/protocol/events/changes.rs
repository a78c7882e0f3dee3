//! What becomes of messages: `MESSAGE_EDITED`, `MESSAGE_DELETED`, `MESSAGE_REACTED`, `CHAT_CLEARED`. All of them are kept
//! in the room's log, and have a number of their own there.

use serde::Serialize;

#[cfg(feature = "openapi")]
use super::place::DoneBy;
use super::place::done_by;
use super::{Author, Place, Reactions};
use crate::ids::{EventId, UserId};
use crate::openapi_macros::ToSchema;
use crate::protocol::Timestamp;

/// The most messages that one [`ChatCleared`] names.
pub const MAX_CLEARED: usize = 1000;

/// A message says something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MessageEdited {
    /// The event's own number in its room.
    pub id: EventId,
    /// The message.
    pub message_id: EventId,
    /// Who edited it.
    #[serde(flatten, serialize_with = "done_by")]
    #[schema(value_type = DoneBy)]
    pub by: Author,
    /// What it says now.
    pub message: String,
    /// Since when.
    pub edited_at: Timestamp,
    /// Where.
    #[serde(flatten)]
    pub place: Place,
    /// Whether it comes as part of a replay.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub replayed: bool,
}

/// A message is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MessageDeleted {
    /// The event's own number in its room.
    pub id: EventId,
    /// The message.
    pub message_id: EventId,
    /// Who deleted it.
    #[serde(flatten, serialize_with = "done_by")]
    #[schema(value_type = DoneBy)]
    pub by: Author,
    /// Where.
    #[serde(flatten)]
    pub place: Place,
    /// Whether it comes as part of a replay.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub replayed: bool,
}

/// A reaction was put on a message, or taken away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MessageReacted {
    /// The event's own number in its room.
    pub id: EventId,
    /// The message.
    pub message_id: EventId,
    /// Whose reaction it is.
    #[serde(flatten, serialize_with = "done_by")]
    #[schema(value_type = DoneBy)]
    pub by: Author,
    /// The reaction; in a replay empty, if whoever gave it has deleted their account since.
    pub reaction: String,
    /// Whether it was put on, not taken away.
    pub added: bool,
    /// How often each reaction was given by now.
    pub reactions: Reactions,
    /// Where.
    #[serde(flatten)]
    pub place: Place,
    /// Whether it comes as part of a replay.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub replayed: bool,
}

/// Somebody signed out in such a way that what they wrote is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChatCleared {
    /// The event's own number in its room.
    pub id: EventId,
    /// Who wrote the messages.
    pub user_id: UserId,
    /// The messages, at most [`MAX_CLEARED`].
    pub message_ids: Vec<EventId>,
    /// Where.
    #[serde(flatten)]
    pub place: Place,
    /// Whether it comes as part of a replay.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub replayed: bool,
}
