//! What a queue knows of its messages.

use std::sync::Arc;

use parlor::protocol::Timestamp;

use super::message::{Message, Received};

/// A message in its queue.
#[derive(Debug)]
pub(super) struct Stored {
    pub(super) message: Arc<Message>,
    pub(super) state: State,
    pub(super) receives: u32,
    /// How many of these were in the queue that it comes from as a dead letter.
    pub(super) receives_before: u32,
    pub(super) first_received_at: Option<Timestamp>,
    /// Whether it is there on top of the message itself, on demand.
    pub(super) is_copy: bool,
}

/// Where a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// To be received.
    Ready,
    /// On its way.
    Delayed {
        /// Until then.
        until: Timestamp,
    },
    /// In somebody's hands.
    InFlight {
        /// Since then.
        since: Timestamp,
        /// Until then, if they don't delete it.
        until: Timestamp,
    },
}

/// How many messages there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// To be received.
    pub ready: usize,
    /// On their way.
    pub delayed: usize,
    /// In somebody's hands.
    pub in_flight: usize,
}

/// A message that is looked at without being received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The message.
    pub message: Arc<Message>,
    /// Where it is.
    pub state: State,
    /// How often it has been received.
    pub receive_count: u32,
}

/// What a receiver took, and what was given up on along the way.
#[derive(Debug, Default)]
pub(super) struct Taken {
    pub(super) received: Vec<Received>,
    pub(super) dead: Vec<DeadLetter>,
}

/// A message that leaves for the queue of dead letters.
#[derive(Debug)]
pub(super) struct DeadLetter {
    pub(super) message: Arc<Message>,
    pub(super) receives: u32,
}

impl From<Stored> for DeadLetter {
    fn from(stored: Stored) -> Self {
        Self { message: stored.message, receives: stored.receives }
    }
}
