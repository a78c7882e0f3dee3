//! The five events of a room that are kept in its log and have numbers.

use super::Message;
use crate::ids::EventId;

/// Something that is to be put into a room's log, and what it does to those before it.
#[expect(clippy::large_enum_variant, reason = "most events are messages")]
#[derive(Debug, Clone, PartialEq)]
pub enum NewEvent {
    /// Somebody says something.
    Message(Message),
    /// A message has another text from now on.
    Edited {
        /// Which message.
        message_id: EventId,
        /// Its text.
        text: String,
    },
    /// A message is deleted.
    Deleted {
        /// Which message.
        message_id: EventId,
    },
    /// The event's author reacts to a message, or takes a reaction back.
    Reacted {
        /// Which message.
        message_id: EventId,
        /// How.
        reaction: String,
        /// Whether it is added.
        added: bool,
    },
    /// All of these messages are deleted at once; what was deleted before is passed over. Of reactions that are among them
    /// it is forgotten how somebody reacted.
    Cleared {
        /// Which messages.
        message_ids: Vec<EventId>,
    },
}

/// An event of a log. What a message says now, after all edits, is told by the message alone: so nothing of a deleted one is
/// left in events that were about it.
#[expect(clippy::large_enum_variant, reason = "most events are messages")]
#[derive(Debug, Clone, PartialEq)]
pub enum LoggedEvent {
    /// Somebody said something.
    Message(Message),
    /// A message got another text.
    Edited {
        /// Which message.
        message_id: EventId,
    },
    /// A message was deleted.
    Deleted {
        /// Which message.
        message_id: EventId,
    },
    /// The event's author reacted to a message, or took a reaction back.
    Reacted {
        /// Which message.
        message_id: EventId,
        /// How; empty once it was cleared.
        reaction: String,
        /// Whether it was added.
        added: bool,
    },
    /// Messages were deleted at once.
    Cleared {
        /// Which messages.
        message_ids: Vec<EventId>,
    },
}

impl NewEvent {
    /// Which messages it changes.
    pub fn targets(&self) -> &[EventId] {
        match self {
            Self::Message(_) => &[],
            Self::Edited { message_id, .. }
            | Self::Deleted { message_id }
            | Self::Reacted { message_id, .. } => std::slice::from_ref(message_id),
            Self::Cleared { message_ids } => message_ids,
        }
    }

    /// What the log keeps of it.
    pub fn into_logged(self) -> LoggedEvent {
        match self {
            Self::Message(message) => LoggedEvent::Message(message),
            Self::Edited { message_id, .. } => LoggedEvent::Edited { message_id },
            Self::Deleted { message_id } => LoggedEvent::Deleted { message_id },
            Self::Reacted { message_id, reaction, added } => {
                LoggedEvent::Reacted { message_id, reaction, added }
            }
            Self::Cleared { message_ids } => LoggedEvent::Cleared { message_ids },
        }
    }
}

impl LoggedEvent {
    /// The message, if it is one.
    pub fn message(&self) -> Option<&Message> {
        match self {
            Self::Message(message) => Some(message),
            _ => None,
        }
    }
}
