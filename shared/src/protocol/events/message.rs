//! `CHAT_MESSAGE`, on the inbox `new_message`: somebody said something.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::{Author, Place};
use crate::ids::{ClientMsgId, EventId, MediaId, RoomCode, UserId};
use crate::openapi_macros::ToSchema;
use crate::protocol::Timestamp;

/// How many people gave each reaction; none that nobody gave.
pub type Reactions = BTreeMap<String, u32>;

/// The kind of messages of which nothing else is said.
const TEXT: &str = "text";

/// A message, as clients see it: live, in history, in a replay and over HTTP.
#[derive(Debug, Clone, PartialEq)]
pub struct ChatMessage {
    /// Its number in its room.
    pub id: EventId,
    /// Where it was said.
    pub place: Place,
    /// Who said it.
    pub author: Author,
    /// What it says; empty if it was deleted, or if its file says it all.
    pub text: String,
    /// Its kind.
    pub message_type: String,
    /// Its file.
    pub attachment: Option<Attachment>,
    /// When it was said.
    pub created_at: Timestamp,
    /// When what it says was changed.
    pub edited_at: Option<Timestamp>,
    /// The message that it answers.
    pub reply_to: Option<EventId>,
    /// Whom it mentions.
    pub mentions: Vec<UserId>,
    /// How often each reaction was given.
    pub reactions: Reactions,
    /// The id that its author's client gave it.
    pub client_msg_id: Option<ClientMsgId>,
    /// What was watched when it was said.
    pub watched: Option<Watched>,
    /// What only one reader is told.
    pub reader: Reader,
    /// Whether it was deleted or cleared: a replay keeps its place.
    pub deleted: bool,
    /// Whether it comes as part of a replay.
    pub replayed: bool,
}

/// The file of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Where it is.
    pub url: String,
    /// What it is.
    pub media: MediaDetails,
}

/// What a file is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MediaDetails {
    /// The medium's id.
    #[schema(value_type = uuid::Uuid)]
    pub media_id: MediaId,
    /// The name of the file.
    pub name: String,
    /// Its type.
    pub content_type: String,
    /// Its size in bytes.
    pub size: u64,
    /// Of a picture: how many pixels wide it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub width: Option<u32>,
    /// Of a picture: how many pixels high it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub height: Option<u32>,
}

/// What was watched at a moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Watched {
    /// The position in seconds.
    pub media_time: f64,
    /// The item.
    pub item: String,
}

/// What a message tells one reader alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reader {
    /// Whether they wrote it.
    pub is_self: bool,
    /// Which reactions are theirs; none in live messages.
    pub my_reactions: Option<Vec<String>>,
}

/// A message on the wire. The fields that the first clients know come first, in their order.
#[derive(Serialize, ToSchema)]
#[schema(as = ChatMessage)]
pub(super) struct MessageBody<'a> {
    /// What it says; empty if it was deleted, or if its file says it all.
    message: &'a str,
    /// Who said it.
    sender: &'a Author,
    /// Its kind: `text`, `image` …
    message_type: &'a str,
    /// Its number in its room.
    id: EventId,
    /// URL of its file.
    #[schema(required)]
    attachment: Option<&'a str>,
    /// When it was said.
    created_at: Timestamp,
    /// The code of its room.
    #[schema(value_type = String)]
    room: &'a RoomCode,
    /// What its file is.
    #[schema(required)]
    media: Option<&'a MediaDetails>,
    /// The name of who said it.
    user: &'a str,
    /// The same as `user`.
    username: &'a str,
    /// The number of who said it.
    sender_id: UserId,
    /// In a conversation of two: the other one.
    #[serde(skip_serializing_if = "Option::is_none")]
    receiver_id: Option<UserId>,
    /// Whether it is the reader's own: for whoever sent it, the acknowledgement.
    is_self: bool,
    /// The message that it answers, if that is still there.
    #[schema(required)]
    reply_to: Option<EventId>,
    /// Whom it mentions.
    mentions: &'a [UserId],
    /// How often each reaction was given.
    reactions: &'a Reactions,
    /// The id that its sender's client gave it.
    #[schema(required, value_type = Option<String>)]
    client_msg_id: Option<&'a ClientMsgId>,
    /// When what it says was changed.
    #[schema(required)]
    edited_at: Option<Timestamp>,
    /// Where what was watched stood when it was said, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    media_time: Option<f64>,
    /// What was watched when it was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    item: Option<&'a str>,
    /// Which reactions are the reader's own; in history, replays and over HTTP.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    my_reactions: Option<&'a [String]>,
    /// In replays: it was deleted, and only its place is left.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    deleted: bool,
    /// It comes as part of a replay.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    replayed: bool,
}

impl ChatMessage {
    /// A message that has just been said, without anything that is optional.
    pub fn new(id: EventId, place: Place, author: Author, text: String, created_at: Timestamp) -> Self {
        Self {
            id,
            place,
            author,
            text,
            message_type: TEXT.to_owned(),
            attachment: None,
            created_at,
            edited_at: None,
            reply_to: None,
            mentions: Vec::new(),
            reactions: Reactions::default(),
            client_msg_id: None,
            watched: None,
            reader: Reader::default(),
            deleted: false,
            replayed: false,
        }
    }

    fn body(&self) -> MessageBody<'_> {
        MessageBody {
            message: &self.text,
            sender: &self.author,
            message_type: &self.message_type,
            id: self.id,
            attachment: self.attachment.as_ref().map(|attachment| &*attachment.url),
            created_at: self.created_at,
            room: &self.place.room,
            media: self.attachment.as_ref().map(|attachment| &attachment.media),
            user: &self.author.name,
            username: &self.author.name,
            sender_id: self.author.id,
            receiver_id: self.place.receiver_id,
            is_self: self.reader.is_self,
            reply_to: self.reply_to,
            mentions: &self.mentions,
            reactions: &self.reactions,
            client_msg_id: self.client_msg_id.as_ref(),
            edited_at: self.edited_at,
            media_time: self.watched.as_ref().map(|watched| watched.media_time),
            item: self.watched.as_ref().map(|watched| &*watched.item),
            my_reactions: self.reader.my_reactions.as_deref(),
            deleted: self.deleted,
            replayed: self.replayed,
        }
    }
}

/// As in history and over HTTP: without a type.
impl Serialize for ChatMessage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.body().serialize(serializer)
    }
}

/// The schema is that of the fields on the wire.
#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for ChatMessage {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        MessageBody::schema()
    }
}

#[cfg(feature = "openapi")]
impl ToSchema for ChatMessage {
    fn schemas(schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>)>) {
        MessageBody::schemas(schemas);
    }
}
