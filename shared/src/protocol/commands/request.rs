//! A client's message with what an answer to it has to repeat.

use std::borrow::Cow;

use super::fields::{Field, Fields, as_text};
use super::values;
use crate::ids::{ClientMsgId, EventId, RoomCode};
use crate::protocol::ErrorCode;

/// How much of an unknown type is repeated, in characters.
const MAX_NAME_CHARS: usize = 64;
/// What says of which type a message is.
const NAMES: [Field; 2] = [Field::Type, Field::Action];
/// All names of a room.
const ROOM: [Field; 4] = [Field::Room, Field::Code, Field::RoomId, Field::ConversationId];

/// One message from a client.
#[derive(Debug, Clone, PartialEq)]
pub struct Request<C> {
    /// What an answer repeats.
    pub regarding: Regarding,
    /// What the message asks for, or why it can't be understood.
    pub command: Result<C, Refusal>,
}

/// What an `ERROR` repeats of the message that it answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Regarding {
    /// The type, as the client wrote it.
    pub name: Option<Box<str>>,
    /// The room that the message names.
    pub room: Option<RoomCode>,
    /// The message that it is about.
    pub message_id: Option<EventId>,
    /// The id that the client gave to a new message.
    pub client_msg_id: Option<ClientMsgId>,
}

/// Why a message from a client can't be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// What the error is called.
    pub code: ErrorCode,
    /// Which field is to blame, and a sentence that says why.
    pub field: Option<(&'static str, &'static str)>,
}

impl Refusal {
    /// One without a field to blame.
    pub(super) const fn new(code: ErrorCode) -> Self {
        Self { code, field: None }
    }

    /// A field is missing or wrong.
    pub(super) const fn field(name: &'static str, why: &'static str) -> Self {
        Self { code: ErrorCode::InvalidInput, field: Some((name, why)) }
    }
}

/// Makes a command of a message's type, in lower case, and its fields.
pub(super) type Interpret<C> = fn(&str, &Fields<'_>) -> Result<C, Refusal>;

impl<C> Request<C> {
    pub(super) fn parse(text: &str, interpret: Interpret<C>) -> Self {
        let Some(fields) = Fields::parse(text) else {
            return Self {
                regarding: Regarding::default(),
                command: Err(Refusal::new(ErrorCode::Malformed)),
            };
        };
        let name = type_name(&fields);
        let command = interpret(&name.to_ascii_lowercase(), &fields);
        let is_named = fields.first(&NAMES).is_some();
        Self { regarding: Regarding::new(is_named.then(|| name.into()), &fields), command }
    }
}

impl Regarding {
    fn new(name: Option<Box<str>>, fields: &Fields<'_>) -> Self {
        Self {
            name,
            room: fields.first(&ROOM).and_then(|(_, value)| values::room(value).ok()),
            message_id: fields.get(Field::MessageId).and_then(|value| values::message_id(value).ok()),
            client_msg_id: fields.get(Field::ClientMsgId).and_then(|value| values::client_msg_id(value).ok()),
        }
    }
}

/// The type of a message as it was written, at most so many characters of it: `type`, else `action`, else chat if it has a
/// `message`.
pub(super) fn type_name<'a>(fields: &Fields<'a>) -> Cow<'a, str> {
    match fields.first(&NAMES) {
        Some((_, value)) => shortened(as_text(value).unwrap_or(value.get().into())),
        None if fields.has(Field::Message) || fields.has(Field::Content) => "message".into(),
        None => "".into(),
    }
}

fn shortened(name: Cow<'_, str>) -> Cow<'_, str> {
    // No name of so few bytes has more characters.
    if name.len() <= MAX_NAME_CHARS { name } else { name.chars().take(MAX_NAME_CHARS).collect() }
}

/// Refuses a message that names its room by something that can't be a room's code.
pub(super) fn check_room(fields: &Fields<'_>) -> Result<(), Refusal> {
    let Some((field, value)) = fields.first(&ROOM) else { return Ok(()) };
    values::room(value).map(|_| ()).map_err(|why| Refusal::field(field.name(), why))
}
