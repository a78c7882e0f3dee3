//! How an event is spelled in each dialect.

use std::cell::OnceCell;

use serde::Serialize;

use super::action::Action;
use super::place::ConversationId;
use super::{Event, feed};
use crate::ids::RoomCode;
use crate::protocol::{Dialect, Frame, FrameTooLarge, Frames};

/// What the inbox calls a message.
const NEW_MESSAGE: &str = "new_message";

/// What the sockets get of the person whose doing an event is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwnFrames {
    /// What everybody gets.
    Same,
    /// Nothing: one is not told of one's own doing.
    Nothing,
    /// Frames that say that it is theirs.
    Copy(Frames),
}

/// The ways in which an event is spelled. Most dialects share one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spelling {
    /// By its type.
    Typed,
    /// The same with the room's code as the id of a conversation.
    Inbox,
    /// As an action.
    Action,
}

/// An event on the wire: its type first, and last the room's code as the inbox knows it.
#[derive(Serialize)]
struct Envelope<'a, B> {
    r#type: &'static str,
    #[serde(flatten)]
    body: &'a B,
    #[serde(skip_serializing_if = "Option::is_none")]
    conversation_id: Option<ConversationId<'a>>,
}

/// An event as JSON.
pub(super) fn envelope(name: &'static str, body: &impl Serialize, conversation: Option<&RoomCode>) -> String {
    json(&Envelope { r#type: name, body, conversation_id: conversation.map(ConversationId) })
}

/// Events are structs with texts for keys and without numbers that JSON can't say: writing them can't fail.
fn json(body: &impl Serialize) -> String {
    serde_json::to_string(body).unwrap_or_default()
}

impl Spelling {
    const COUNT: usize = 3;

    fn of(event: &Event, dialect: Dialect) -> Self {
        match (dialect, event) {
            (Dialect::Inbox, _) => Self::Inbox,
            (
                Dialect::Numbered,
                Event::Typing(_) | Event::Edited(_) | Event::Deleted(_) | Event::Reacted(_),
            ) => Self::Action,
            _ => Self::Typed,
        }
    }
}

impl Event {
    /// The text that sockets of a dialect get, however long; none if they aren't told.
    pub fn text(&self, dialect: Dialect) -> Option<String> {
        self.dialects().contains(&dialect).then(|| self.spell(Spelling::of(self, dialect)))
    }

    /// What sockets of a dialect get; nothing if they aren't told, or if it is too large for a frame. No event within the
    /// bounds of its fields is, but an [`Announcement`](super::Announcement).
    pub fn frame(&self, dialect: Dialect) -> Option<Frame> {
        self.text(dialect).and_then(|text| Frame::new(text).ok())
    }

    /// What sockets of each dialect get: for each, [`frame`](Self::frame).
    pub fn frames(&self) -> Frames {
        let spelled: [OnceCell<Option<Frame>>; Spelling::COUNT] = Default::default();
        let mut frames = Frames::none();
        for dialect in self.dialects() {
            let spelling = Spelling::of(self, *dialect);
            let frame = spelled[spelling as usize].get_or_init(|| Frame::new(self.spell(spelling)).ok());
            if let Some(frame) = frame {
                frames = frames.with(*dialect, frame.clone());
            }
        }
        frames
    }

    /// The same, or an error if it is too large in any dialect.
    pub fn checked_frames(&self) -> Result<Frames, FrameTooLarge> {
        let frames = self.frames();
        for dialect in self.dialects() {
            if frames.get(*dialect).is_none() {
                return Err(FrameTooLarge { bytes: self.text(*dialect).unwrap_or_default().len() });
            }
        }
        Ok(frames)
    }

    /// What the sockets get of the person whose doing it is.
    pub fn own_frames(&self) -> OwnFrames {
        match self {
            Self::Message(message) => {
                let mut own = message.clone();
                own.reader.is_self = true;
                OwnFrames::Copy(Self::Message(own).frames())
            }
            Self::Typing(_) | Self::UserJoined(_) | Self::UserLeft(_) => OwnFrames::Nothing,
            _ => OwnFrames::Same,
        }
    }

    fn spell(&self, spelling: Spelling) -> String {
        match self {
            Self::FeedHeartbeat => feed::HEARTBEAT.to_owned(),
            Self::Play { media_id } => feed::play(*media_id),
            _ => match spelling {
                Spelling::Action => self.action().map(|action| json(&action)).unwrap_or_default(),
                Spelling::Inbox => self.enveloped(self.inbox_name(), self.room()),
                Spelling::Typed => self.typed(),
            },
        }
    }

    fn typed(&self) -> String {
        // Whoever asked by the id of a conversation is answered by it.
        let conversation = if let Self::Joined(_) = self { self.room() } else { None };
        self.enveloped(self.name().unwrap_or_default(), conversation)
    }

    fn inbox_name(&self) -> &'static str {
        match self {
            Self::Message(_) => NEW_MESSAGE,
            _ => self.name().unwrap_or_default(),
        }
    }

    fn action(&self) -> Option<Action<'_>> {
        match self {
            Self::Typing(event) => Some(Action::typing(event)),
            Self::Edited(event) => Some(Action::edited(event)),
            Self::Deleted(event) => Some(Action::deleted(event)),
            Self::Reacted(event) => Some(Action::reacted(event)),
            _ => None,
        }
    }
}
