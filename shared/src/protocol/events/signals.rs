//! What is told and not kept: `typing` and `read_receipt`.

use serde::Serialize;

#[cfg(feature = "openapi")]
use super::place::SignalledBy;
use super::place::signalled_by;
use super::{Author, Place};
use crate::ids::EventId;
use crate::openapi_macros::ToSchema;

/// Somebody is writing, or no longer. Ends by itself after 6 s, and with their next message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Typing {
    /// Who.
    #[serde(flatten, serialize_with = "signalled_by")]
    #[schema(value_type = SignalledBy)]
    pub by: Author,
    /// Whether they are.
    pub is_typing: bool,
    /// Where.
    #[serde(flatten)]
    pub place: Place,
}

/// Somebody has read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReadReceipt {
    /// Who.
    #[serde(flatten, serialize_with = "signalled_by")]
    #[schema(value_type = SignalledBy)]
    pub by: Author,
    /// The last message that they have read.
    pub message_id: EventId,
    /// Where.
    #[serde(flatten)]
    pub place: Place,
}
