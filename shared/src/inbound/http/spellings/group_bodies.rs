//! Rooms and messages as an app reads them for which rooms are numbered groups, and people have first and last names.

use serde::Serialize;

use crate::ids::{EventId, UserId};
use crate::openapi_macros::ToSchema;
use crate::protocol::{Author, ChatMessage, Reactions, ShownRole, Timestamp};

/// A person of a group.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(in crate::inbound::http) struct GroupPerson {
    /// Their number.
    id: UserId,
    /// The first word of their name.
    first_name: String,
    /// The other words of their name.
    last_name: String,
    /// URL of their picture, if there is one.
    #[schema(required)]
    photo: Option<String>,
    /// `admin` for host, co-hosts and admins of the site.
    role: ShownRole,
    /// `null`.
    #[schema(value_type = Option<String>, required)]
    year: (),
}

impl From<Author> for GroupPerson {
    fn from(author: Author) -> Self {
        let (first, last) = author.name.split_once(' ').unwrap_or((&author.name, ""));
        let (first_name, last_name) = (first.to_owned(), last.to_owned());
        Self { id: author.id, first_name, last_name, photo: author.photo, role: author.role, year: () }
    }
}

/// A message of a group.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(in crate::inbound::http) struct GroupMessage {
    /// Its number in its group.
    id: EventId,
    /// What it says; empty if its file says it all.
    content: String,
    /// Who said it.
    sender: GroupPerson,
    /// How often each reaction was given.
    reactions: Reactions,
    /// Whom it mentions.
    mentions: Vec<UserId>,
    /// Empty.
    status: NoStatus,
    /// The number of its group.
    room: u64,
    /// Whether it is the reader's own.
    is_self: bool,
    /// Whether what it says was changed.
    is_edited: bool,
    /// `false`.
    is_deleted: bool,
    /// Its kind: `text`, `image` …
    message_type: String,
    /// URL of its file.
    #[schema(required)]
    attachment: Option<String>,
    /// When it was said.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When what it says was changed last.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

/// An object with nothing in it.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
struct NoStatus {}

impl GroupMessage {
    /// A message of the group of that number.
    pub(super) fn of(room: u64, message: ChatMessage) -> Self {
        Self {
            id: message.id,
            content: message.text,
            sender: message.author.into(),
            reactions: message.reactions,
            mentions: message.mentions,
            status: NoStatus {},
            room,
            is_self: message.reader.is_self,
            is_edited: message.edited_at.is_some(),
            is_deleted: false,
            message_type: message.message_type,
            attachment: message.attachment.map(|attachment| attachment.url),
            created_at: message.created_at,
            updated_at: message.edited_at.unwrap_or(message.created_at),
        }
    }
}

/// The last message of a group.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(in crate::inbound::http) struct LastMessage {
    /// Its number in its group.
    id: EventId,
    /// What it says.
    content: String,
    /// When it was said.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Who said it.
    sender: GroupPerson,
}

impl From<ChatMessage> for LastMessage {
    fn from(message: ChatMessage) -> Self {
        let ChatMessage { id, text, created_at, author, .. } = message;
        Self { id, content: text, created_at, sender: author.into() }
    }
}

/// A group of one's own list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(in crate::inbound::http) struct Group {
    /// Its number.
    pub(super) id: u64,
    /// Its name.
    pub(super) name: String,
    /// What it is about.
    pub(super) description: String,
    /// How many members it has.
    pub(super) members_count: u32,
    /// How many messages of others one has not read.
    pub(super) unread_count: u64,
    /// `null`.
    #[schema(value_type = Option<String>, required)]
    pub(super) room_avatar: (),
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub(super) created_at: Timestamp,
    /// When something was said last, or it was made.
    #[schema(value_type = String, format = DateTime)]
    pub(super) updated_at: Timestamp,
    /// Its last message.
    #[schema(required)]
    pub(super) last_message: Option<LastMessage>,
}
