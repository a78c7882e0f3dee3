//! The fields of a client's message, found in one pass and read only where a command needs them.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::request::Refusal;

macro_rules! fields {
    ($($field:ident $wire:literal)*) => {
        /// A field that some command has. Fields of other names are ignored.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Field { $($field),* }

        impl Field {
            /// Its name on the wire.
            pub(super) const fn name(self) -> &'static str {
                match self { $(Self::$field => $wire),* }
            }

            fn named(name: &str) -> Option<Self> {
                match name {
                    $($wire => Some(Self::$field),)*
                    _ => None,
                }
            }
        }
    };
}

fields! {
    Type "type"
    Action "action"
    Message "message"
    Content "content"
    NewContent "new_content"
    MessageType "message_type"
    Attachment "attachment"
    ReplyTo "reply_to"
    Mentions "mentions"
    ClientMsgId "client_msg_id"
    Code "code"
    Room "room"
    RoomId "room_id"
    ConversationId "conversation_id"
    ReceiverId "receiver_id"
    Receiver "receiver"
    MessageId "message_id"
    Reaction "reaction"
    On "on"
    Since "since"
    IsTyping "is_typing"
    Timestamp "timestamp"
    Time "time"
    Rate "rate"
    MediaId "media_id"
    Provider "provider"
    VideoId "video_id"
    Url "url"
    Title "title"
    Duration "duration"
    Item "item"
    Before "before"
    Version "version"
    ClientTime "client_time"
    ClientSentAt "client_sent_at"
    Data "data"
    Event "event"
    CurrentTime "currentTime"
    Progress "progress"
    UserId "user_id"
    Seconds "seconds"
}

/// The values of a JSON object's known fields, as they were sent. Of a field that comes twice the last one counts, as in
/// browsers.
pub(super) struct Fields<'a>(Vec<(Field, &'a RawValue)>);

/// How many fields most messages have at most.
const FEW: usize = 4;

/// Says in a sentence why a value is not what it should be.
pub(super) type Read<T> = fn(&RawValue) -> Result<T, &'static str>;

impl<'a> Fields<'a> {
    /// The fields of a text that is a JSON object.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// Whether a field is there at all, be it null.
    pub(super) fn has(&self, field: Field) -> bool {
        self.sent(field).is_some()
    }

    /// The value of a field that is there and not null.
    pub(super) fn get(&self, field: Field) -> Option<&'a RawValue> {
        self.sent(field).filter(|value| value.get() != "null")
    }

    fn sent(&self, field: Field) -> Option<&'a RawValue> {
        self.0.iter().find_map(|(sent, value)| (*sent == field).then_some(*value))
    }

    fn set(&mut self, field: Field, value: &'a RawValue) {
        match self.0.iter_mut().find(|(sent, _)| *sent == field) {
            Some((_, sent)) => *sent = value,
            None => self.0.push((field, value)),
        }
    }

    /// The first of some fields that is there.
    pub(super) fn first(&self, fields: &[Field]) -> Option<(Field, &'a RawValue)> {
        fields.iter().find_map(|field| Some((*field, self.get(*field)?)))
    }

    /// A field that may be left out.
    pub(super) fn optional<T>(&self, field: Field, read: Read<T>) -> Result<Option<T>, Refusal> {
        let value = self.get(field).map(read).transpose();
        value.map_err(|why| Refusal::field(field.name(), why))
    }

    /// A field that must be there.
    pub(super) fn required<T>(&self, field: Field, read: Read<T>) -> Result<T, Refusal> {
        self.optional(field, read)?.ok_or(Refusal::field(field.name(), "This must be there."))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Fields<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FieldsVisitor)
    }
}

struct FieldsVisitor;

impl<'de> Visitor<'de> for FieldsVisitor {
    type Value = Fields<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields<'de>, A::Error> {
        let mut fields = Fields(Vec::with_capacity(FEW));
        while let Some(Key(key)) = map.next_key()? {
            match key {
                Some(field) => fields.set(field, map.next_value()?),
                None => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        Ok(fields)
    }
}

struct Key(Option<Field>);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl Visitor<'_> for KeyVisitor {
            type Value = Key;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_str<E>(self, name: &str) -> Result<Key, E> {
                Ok(Key(Field::named(name)))
            }
        }
        deserializer.deserialize_str(KeyVisitor)
    }
}

/// A JSON string as text; none if the value is no string, or one that stands for no text (half of a surrogate pair).
pub(super) fn as_text(value: &RawValue) -> Option<Cow<'_, str>> {
    let text = value.get();
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains('\\') { serde_json::from_str(text).ok().map(Cow::Owned) } else { Some(inner.into()) }
}
