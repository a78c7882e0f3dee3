//! What every signed-in socket understands: chat.

use std::fmt;

use super::fields::{Field, Fields, as_text};
use super::request::{Refusal, check_room};
use super::{AttachmentRef, PersonRef, Ping, Request, values};
use crate::ids::{ClientMsgId, EventId, UserId};
use crate::protocol::{ErrorCode, MAX_MESSAGE_CHARS, has_at_most};

/// What a client wants of a chat. For which room is in the [`Regarding`](super::Regarding) beside it.
#[derive(Clone, PartialEq)]
pub enum ChatCommand {
    /// A `pong`.
    Ping(Ping),
    /// To say something.
    Send(SendMessage),
    /// To change what a message of one's own says.
    Edit {
        /// Which one.
        message_id: EventId,
        /// What it says from now on.
        text: String,
    },
    /// To take a message away.
    Delete {
        /// Which one.
        message_id: EventId,
    },
    /// To put a reaction on a message, or to take it away.
    React(React),
    /// To hear a room on this socket.
    Join {
        /// The last id that is known there; what came after it is wanted.
        since: Option<EventId>,
    },
    /// To hear a room no longer.
    Leave,
    /// To show that one is writing, or no longer.
    Typing {
        /// Whether one is.
        is_typing: bool,
    },
    /// To note how far one has read.
    Read {
        /// The last message that one has read.
        message_id: EventId,
    },
}

/// A new message.
#[derive(Clone, PartialEq, Eq)]
pub struct SendMessage {
    /// For whom it is, where no room is named.
    pub receiver: Option<PersonRef>,
    /// What it says; empty only with a file.
    pub text: String,
    /// Its kind; `text` if not said.
    pub message_type: Option<String>,
    /// Its file.
    pub attachment: Option<AttachmentRef>,
    /// The message that it answers.
    pub reply_to: Option<EventId>,
    /// Whom it mentions.
    pub mentions: Vec<UserId>,
    /// The client's own id for it.
    pub client_msg_id: Option<ClientMsgId>,
}

/// A reaction to a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct React {
    /// Which message.
    pub message_id: EventId,
    /// The reaction.
    pub reaction: String,
    /// Whether it is to be there; if not said, it is if it wasn't.
    pub on: Option<bool>,
}

impl ChatCommand {
    /// Reads a message.
    pub fn parse(text: &str) -> Request<Self> {
        Request::parse(text, Self::interpret)
    }

    pub(super) fn interpret(name: &str, fields: &Fields<'_>) -> Result<Self, Refusal> {
        if name == "ping" {
            return Ping::read(fields).map(Self::Ping);
        }
        let message_id = || fields.required(Field::MessageId, values::message_id);
        let command = match name {
            "chat_message" | "chat" | "new_message" | "send_message" | "message" => {
                Self::Send(SendMessage::read(fields)?)
            }
            "edit_message" => Self::Edit {
                message_id: message_id()?,
                text: some_text(fields, &[Field::NewContent, Field::Message, Field::Content])?,
            },
            "delete_message" => Self::Delete { message_id: message_id()? },
            "react_message" => Self::React(React::read(fields)?),
            "join_conversation" => Self::Join { since: fields.optional(Field::Since, values::since)? },
            "leave_conversation" => Self::Leave,
            "typing" => {
                let is_typing = fields.optional(Field::IsTyping, values::yes_or_no)?;
                Self::Typing { is_typing: is_typing.unwrap_or(true) }
            }
            "stop_typing" => Self::Typing { is_typing: false },
            "read_receipt" => Self::Read { message_id: message_id()? },
            _ => return Err(Refusal::new(ErrorCode::UnknownType)),
        };
        check_room(fields)?;
        Ok(command)
    }
}

/// Says only which command it is: what people write does not belong in logs.
impl fmt::Debug for ChatCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ping(_) => "Ping",
            Self::Send(_) => "Send",
            Self::Edit { .. } => "Edit",
            Self::Delete { .. } => "Delete",
            Self::React(_) => "React",
            Self::Join { .. } => "Join",
            Self::Leave => "Leave",
            Self::Typing { .. } => "Typing",
            Self::Read { .. } => "Read",
        })
    }
}

/// Says nothing of what people write.
impl fmt::Debug for SendMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendMessage").field("client_msg_id", &self.client_msg_id).finish_non_exhaustive()
    }
}

impl SendMessage {
    fn read(fields: &Fields<'_>) -> Result<Self, Refusal> {
        let attachment = fields.optional(Field::Attachment, values::attachment)?.flatten();
        let names = &[Field::Message, Field::Content];
        Ok(Self {
            receiver: receiver(fields)?,
            text: if attachment.is_some() { any_text(fields, names) } else { some_text(fields, names) }?,
            message_type: fields.optional(Field::MessageType, values::message_type)?,
            attachment,
            reply_to: fields.optional(Field::ReplyTo, values::message_id)?,
            mentions: fields.optional(Field::Mentions, values::mentions)?.unwrap_or_default(),
            client_msg_id: fields.optional(Field::ClientMsgId, values::client_msg_id)?,
        })
    }
}

impl React {
    fn read(fields: &Fields<'_>) -> Result<Self, Refusal> {
        Ok(Self {
            message_id: fields.required(Field::MessageId, values::message_id)?,
            reaction: fields.required(Field::Reaction, values::reaction)?,
            on: fields.optional(Field::On, values::yes_or_no)?,
        })
    }
}

fn receiver(fields: &Fields<'_>) -> Result<Option<PersonRef>, Refusal> {
    let Some((field, value)) = fields.first(&[Field::ReceiverId, Field::Receiver]) else { return Ok(None) };
    let person = match field {
        Field::ReceiverId => values::user_id(value).map(PersonRef::Number),
        _ => values::person(value),
    };
    person.map(Some).map_err(|why| Refusal::field(field.name(), why))
}

/// A text with something to see in it.
fn some_text(fields: &Fields<'_>, names: &[Field]) -> Result<String, Refusal> {
    let text = any_text(fields, names)?;
    if text.trim().is_empty() { Err(Refusal::new(ErrorCode::Empty)) } else { Ok(text) }
}

/// A text that may be empty.
fn any_text(fields: &Fields<'_>, names: &[Field]) -> Result<String, Refusal> {
    let Some((field, value)) = fields.first(names) else { return Ok(String::new()) };
    let text = as_text(value).ok_or(Refusal::field(field.name(), "This is a text."))?;
    if has_at_most(&text, MAX_MESSAGE_CHARS) {
        Ok(text.into_owned())
    } else {
        Err(Refusal::new(ErrorCode::TooLong))
    }
}
