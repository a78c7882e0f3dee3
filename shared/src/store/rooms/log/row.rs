//! An entry as an item: what is empty or usual is left out, and names are short, since every byte of a message is paid for.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::keys::entry_id;
use crate::domain::chat::{Attachment, LoggedEvent, Message};
use crate::domain::media::PictureSize;
use crate::ids::{ClientMsgId, EventId, MediaId, SessionId, StoredName, UserId};
use crate::ports::{Entry, Item, TableError};
use crate::protocol::Timestamp;
use crate::store::record::from_item;

/// What most messages are.
const TEXT: &str = "text";
/// The attribute that names the last event that changed a message.
pub(super) const CHANGED_BY: &str = "f";
/// The attribute that says how somebody reacted.
pub(super) const REACTION: &str = "re";

/// The attributes of an entry, and besides it the nonce by which an append recognises its own.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Row {
    #[serde(rename = "k", skip_serializing_if = "is_default")]
    kind: Kind,
    #[serde(rename = "n")]
    pub(super) messages: u64,
    #[serde(rename = "c")]
    pub(super) nonce: String,
    /// In microseconds since 1970.
    #[serde(rename = "at")]
    pub(super) at: i64,
    #[serde(rename = "u", skip_serializing_if = "is_default")]
    author: Option<UserId>,
    #[serde(rename = "s", skip_serializing_if = "is_default")]
    session: Option<SessionId>,

    #[serde(rename = "x", skip_serializing_if = "is_default")]
    text: String,
    #[serde(rename = "mt", skip_serializing_if = "is_default")]
    message_type: Option<String>,
    #[serde(rename = "a", skip_serializing_if = "is_default")]
    attachment: Option<AttachmentRow>,
    #[serde(rename = "to", skip_serializing_if = "is_default")]
    reply_to: Option<EventId>,
    #[serde(rename = "me", skip_serializing_if = "is_default")]
    mentions: Vec<UserId>,
    #[serde(rename = "t", skip_serializing_if = "is_default")]
    media_time: Option<f64>,
    #[serde(rename = "i", skip_serializing_if = "is_default")]
    item: Option<String>,
    #[serde(rename = "ci", skip_serializing_if = "is_default")]
    client_msg_id: Option<ClientMsgId>,
    /// In microseconds since 1970.
    #[serde(rename = "ea", skip_serializing_if = "is_default")]
    edited_at: Option<i64>,
    #[serde(rename = "r", skip_serializing_if = "is_default")]
    reactions: BTreeMap<String, u32>,
    #[serde(rename = "d", skip_serializing_if = "is_default")]
    is_deleted: bool,
    #[serde(rename = "f", skip_serializing_if = "is_default")]
    changed_by: Option<EventId>,

    /// The message that another event is about, or the messages.
    #[serde(rename = "m", skip_serializing_if = "is_default")]
    message_id: EventId,
    #[serde(rename = "ms", skip_serializing_if = "is_default")]
    message_ids: Vec<EventId>,
    #[serde(rename = "re", skip_serializing_if = "is_default")]
    reaction: String,
    #[serde(rename = "un", skip_serializing_if = "is_default")]
    is_taken_back: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
enum Kind {
    #[default]
    #[serde(rename = "m")]
    Message,
    #[serde(rename = "e")]
    Edited,
    #[serde(rename = "d")]
    Deleted,
    #[serde(rename = "r")]
    Reacted,
    #[serde(rename = "c")]
    Cleared,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct AttachmentRow {
    #[serde(rename = "id")]
    media_id: MediaId,
    #[serde(rename = "f")]
    stored_name: StoredName,
    #[serde(rename = "n")]
    name: String,
    #[serde(rename = "t")]
    content_type: String,
    #[serde(rename = "z")]
    size: u64,
    #[serde(rename = "p", default, skip_serializing_if = "is_default")]
    picture: Option<PictureSize>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl Row {
    /// The row of an entry.
    pub(super) fn new(entry: Entry, nonce: String) -> Self {
        let row = Self {
            messages: entry.messages,
            nonce,
            at: entry.at.as_micros(),
            author: entry.author,
            session: entry.session,
            ..Self::default()
        };
        match entry.event {
            LoggedEvent::Message(message) => row.with_message(message),
            LoggedEvent::Edited { message_id } => Self { kind: Kind::Edited, message_id, ..row },
            LoggedEvent::Deleted { message_id } => Self { kind: Kind::Deleted, message_id, ..row },
            LoggedEvent::Reacted { message_id, reaction, added } => {
                Self { kind: Kind::Reacted, message_id, reaction, is_taken_back: !added, ..row }
            }
            LoggedEvent::Cleared { message_ids } => Self { kind: Kind::Cleared, message_ids, ..row },
        }
    }

    /// The same row with another message in it.
    pub(super) fn with_message(self, message: Message) -> Self {
        Self {
            text: message.text,
            message_type: Some(message.message_type).filter(|kind| kind != TEXT),
            attachment: message.attachment.map(AttachmentRow::from),
            reply_to: message.reply_to,
            mentions: message.mentions,
            media_time: message.media_time,
            item: message.item,
            client_msg_id: message.client_msg_id,
            edited_at: message.edited_at.map(Timestamp::as_micros),
            reactions: message.reactions,
            is_deleted: message.is_deleted,
            changed_by: message.changed_by,
            ..self
        }
    }

    fn into_message(self) -> Message {
        Message {
            text: self.text,
            message_type: self.message_type.unwrap_or_else(|| TEXT.to_owned()),
            attachment: self.attachment.map(Attachment::from),
            reply_to: self.reply_to,
            mentions: self.mentions,
            media_time: self.media_time,
            item: self.item,
            client_msg_id: self.client_msg_id,
            edited_at: self.edited_at.map(Timestamp::from_micros),
            reactions: self.reactions,
            is_deleted: self.is_deleted,
            changed_by: self.changed_by,
        }
    }

    fn into_event(self) -> LoggedEvent {
        match self.kind {
            Kind::Message => LoggedEvent::Message(self.into_message()),
            Kind::Edited => LoggedEvent::Edited { message_id: self.message_id },
            Kind::Deleted => LoggedEvent::Deleted { message_id: self.message_id },
            Kind::Reacted => LoggedEvent::Reacted {
                message_id: self.message_id,
                reaction: self.reaction,
                added: !self.is_taken_back,
            },
            Kind::Cleared => LoggedEvent::Cleared { message_ids: self.message_ids },
        }
    }

    /// The entry under this number.
    pub(super) fn into_entry(self, id: EventId) -> Entry {
        Entry {
            id,
            messages: self.messages,
            author: self.author,
            session: self.session.clone(),
            at: Timestamp::from_micros(self.at),
            event: self.into_event(),
        }
    }
}

/// The entry that an item of a log holds.
pub(super) fn entry(item: Item) -> Result<Entry, TableError> {
    let id = entry_id(&item.key)?;
    Ok(from_item::<Row>(item)?.into_entry(id))
}

impl From<Attachment> for AttachmentRow {
    fn from(attachment: Attachment) -> Self {
        let Attachment { media_id, stored_name, name, content_type, size, picture } = attachment;
        Self { media_id, stored_name, name, content_type, size, picture }
    }
}

impl From<AttachmentRow> for Attachment {
    fn from(row: AttachmentRow) -> Self {
        let AttachmentRow { media_id, stored_name, name, content_type, size, picture } = row;
        Self { media_id, stored_name, name, content_type, size, picture }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn entry_of(event: LoggedEvent) -> Entry {
        let session = Some(SessionId::from_random([7; 16]));
        let at = Timestamp::from_micros(1_800_000_000_000_001);
        Entry { id: EventId(12), messages: 9, author: Some(UserId(3)), session, at, event }
    }

    fn full_message() -> Message {
        Message {
            text: "hello".into(),
            message_type: "image".into(),
            attachment: Some(Attachment {
                media_id: MediaId::from_random([1; 16]),
                stored_name: StoredName::from_random([2; 16], "a.png"),
                name: "a.png".into(),
                content_type: "image/png".into(),
                size: 5,
                picture: Some(PictureSize { width: 3, height: 4 }),
            }),
            reply_to: Some(EventId(2)),
            mentions: vec![UserId(4)],
            media_time: Some(12.25),
            item: Some("i1".into()),
            client_msg_id: Some("c-1".parse().unwrap()),
            edited_at: Some(Timestamp::from_micros(5)),
            reactions: BTreeMap::from([("👍".to_owned(), 2)]),
            is_deleted: false,
            changed_by: Some(EventId(11)),
        }
    }

    #[test]
    fn every_event_comes_back_as_it_was_put() {
        let plain = Message { text: "hi".into(), message_type: TEXT.into(), ..Message::default() };
        for event in [
            LoggedEvent::Message(full_message()),
            LoggedEvent::Message(Message { is_deleted: true, ..plain }),
            LoggedEvent::Edited { message_id: EventId(1) },
            LoggedEvent::Deleted { message_id: EventId(1) },
            LoggedEvent::Reacted { message_id: EventId(1), reaction: "+".into(), added: true },
            LoggedEvent::Reacted { message_id: EventId(1), reaction: "+".into(), added: false },
            LoggedEvent::Cleared { message_ids: vec![EventId(1), EventId(4)] },
        ] {
            let entry = entry_of(event);
            let stored = serde_json::to_value(Row::new(entry.clone(), "nonce".into())).unwrap();
            let read: Row = serde_json::from_value(stored).unwrap();
            assert_eq!(read.into_entry(entry.id), entry);
        }
    }

    #[test]
    fn a_plain_message_has_no_more_than_it_says() {
        let text = Message { text: "hi".into(), message_type: TEXT.into(), ..Message::default() };
        let stored =
            serde_json::to_value(Row::new(entry_of(LoggedEvent::Message(text)), "abc".into())).unwrap();
        let session = "07".repeat(16);
        let expected =
            json!({"n": 9, "c": "abc", "at": 1_800_000_000_000_001_i64, "u": 3, "s": session, "x": "hi"});
        assert_eq!(stored, expected);
    }
}
