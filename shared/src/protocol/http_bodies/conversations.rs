//! Bodies of answers about private conversations.

use serde::Serialize;

use crate::ids::{EventId, UserId};
use crate::openapi_macros::ToSchema;
use crate::protocol::ChatMessage;

/// A private conversation, as one of its people sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ConversationBody {
    /// Its code as a number.
    pub id: u64,
    /// Its code.
    pub code: String,
    /// Its name; where nobody gave it one, those of the others.
    pub name: String,
    /// Its people, oneself among them.
    pub participants: Vec<ConversationPersonBody>,
    /// Its last message.
    #[schema(required)]
    pub last_message: Option<ChatMessage>,
    /// How many messages of others one has not read.
    pub unread: u64,
    /// The same.
    pub unread_count: u64,
    /// The number of its last event.
    pub last_id: EventId,
    /// Up to which event one has read.
    pub last_read_id: EventId,
}

/// Somebody in a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ConversationPersonBody {
    /// Their number.
    pub id: UserId,
    /// Their username; for those who have none, the name that others see.
    pub username: String,
    /// The name that others see.
    pub display_name: String,
    /// URL of their picture.
    #[schema(required)]
    pub profile_picture: Option<String>,
}
