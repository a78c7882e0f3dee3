//! Where a socket stands in a room's log: `CHAT_HISTORY`, `conversation_joined`, `RESUMED`, `RESUME_FAILED`.

use serde::Serialize;

use super::fitting::{Budget, json_bytes};
use super::{ChatMessage, Place};
use crate::ids::EventId;
use crate::openapi_macros::ToSchema;

/// The most messages of a history.
pub const MAX_HISTORY: usize = 50;

/// The newest messages of a room, to whoever enters it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ChatHistory {
    /// The newest messages that fit, newest last.
    pub messages: Vec<ChatMessage>,
    /// The room's newest id, edits included: where to go on.
    pub last_id: EventId,
    /// Whether there are older ones.
    pub more: bool,
    /// Where.
    #[serde(flatten)]
    pub place: Place,
}

/// This socket hears that room from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ConversationJoined {
    /// The room's newest id.
    pub last_id: EventId,
    /// Where.
    #[serde(flatten)]
    pub place: Place,
}

/// All that was missed has been sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Resumed {
    /// The room's newest id.
    pub last_id: EventId,
    /// Where.
    #[serde(flatten)]
    pub place: Place,
}

/// What was missed can't be sent: it is too much, or no longer there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ResumeFailed {
    /// The oldest id that is still there.
    pub oldest: EventId,
    /// The room's newest id.
    pub last_id: EventId,
    /// Where.
    #[serde(flatten)]
    pub place: Place,
}

impl ChatHistory {
    /// The newest of these messages, newest last, that fit a frame; `more` if there are older ones besides.
    pub fn fitting(place: Place, mut messages: Vec<ChatMessage>, last_id: EventId, more: bool) -> Self {
        let mut budget = Budget::default();
        let newest = messages.iter().rev().take(MAX_HISTORY);
        let kept = newest.take_while(|message| budget.takes(json_bytes(message))).count();
        let older = messages.len() - kept;
        messages.drain(..older);
        Self { messages, last_id, more: more || older > 0, place }
    }
}
