//! What kinds of rooms there are.

use serde::{Deserialize, Serialize};

use crate::openapi_macros::ToSchema;

/// The most people of a conversation.
pub const MAX_CONVERSATION: usize = 50;

/// What a room is for. All kinds share one log, one membership and one presence.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoomKind {
    /// A room with a host: a group, a watch room.
    #[default]
    Hosted,
    /// A private conversation of just these people, without a host; nobody is added later.
    Conversation,
    /// A conversation of exactly two; the same two always get the same one, and it can't be left.
    Pair,
    /// One person's notes to themselves.
    Notes,
    /// The room that everybody may enter, without a host.
    Lobby,
}

impl RoomKind {
    /// What a conversation of so many people is.
    pub fn of_people(count: usize) -> Self {
        match count {
            0 | 1 => Self::Notes,
            2 => Self::Pair,
            _ => Self::Conversation,
        }
    }

    /// Whether its people are fixed and every one of them gets its events in their inbox.
    pub fn is_conversation(self) -> bool {
        matches!(self, Self::Conversation | Self::Pair | Self::Notes)
    }

    /// Whether somebody who is in it may leave it.
    pub fn can_be_left(self) -> bool {
        !matches!(self, Self::Pair | Self::Notes)
    }
}
