//! How an event is spelled in each dialect.

use serde::Serialize;

use crate::ids::RoomCode;
use crate::protocol::events::action::Action;
use crate::protocol::events::place::ConversationId;
use crate::protocol::events::{Event, feed};
use crate::protocol::{Dialect, Frame, FrameTooLarge, Frames};

/// How every event that has a type begins.
const TYPE: &str = r#"{"type":""#;
/// As many bytes as most events take.
const USUAL: usize = 384;
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

/// How a message says that it is not its reader's own, and that it is. No text within it reads like this: quotes in texts
/// follow a backslash.
const OTHERS: &str = r#","is_self":false,"#;
const OWN: &str = r#","is_self":true,"#;

/// An event as JSON: its type first, and last the room's code where a client knows it as the id of a conversation.
pub(in crate::protocol::events) fn envelope(
    name: &'static str,
    body: &impl Serialize,
    conversation: Option<&RoomCode>,
) -> String {
    let mut text = Vec::with_capacity(USUAL);
    for part in [TYPE, name, "\""] {
        text.extend_from_slice(part.as_bytes());
    }
    let begins = text.len();
    // It is a struct with texts for keys and without numbers that JSON can't say: writing it can't fail.
    let written = serde_json::to_writer(&mut text, body);
    debug_assert!(written.is_ok(), "{written:?}");
    // The body's brace makes room for the comma.
    if let Some(brace) = text.get_mut(begins) {
        *brace = b',';
    }
    let mut text = String::from_utf8(text).unwrap_or_default();
    if let Some(room) = conversation {
        add_conversation(&mut text, room);
    }
    text
}

fn add_conversation(text: &mut String, room: &RoomCode) {
    text.pop();
    text.push_str(r#","conversation_id":"#);
    text.push_str(&serde_json::to_string(&ConversationId(room)).unwrap_or_default());
    text.push('}');
}

impl Event {
    /// The text that sockets of a dialect get, however long; none if they aren't told.
    pub fn text(&self, dialect: Dialect) -> Option<String> {
        let is_told = self.dialects().contains(&dialect);
        is_told.then(|| match dialect {
            Dialect::Inbox => self.for_inbox(self.typed()),
            Dialect::Numbered => self.action().unwrap_or_else(|| self.typed()),
            _ => self.typed(),
        })
    }

    /// What sockets of a dialect get; nothing if they aren't told, or if it is too large for a frame. No event within the
    /// bounds of its fields is, but an [`Announcement`](crate::protocol::events::Announcement).
    pub fn frame(&self, dialect: Dialect) -> Option<Frame> {
        self.text(dialect).and_then(|text| Frame::new(text).ok())
    }

    /// What sockets of each dialect get: for each, [`frame`](Self::frame).
    pub fn frames(&self) -> Frames {
        self.frames_like(self.typed())
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
            Self::Message(_) => OwnFrames::Copy(self.frames_like(self.typed().replacen(OTHERS, OWN, 1))),
            Self::Typing(_) | Self::UserJoined(_) | Self::UserLeft(_) => OwnFrames::Nothing,
            _ => OwnFrames::Same,
        }
    }

    /// The frames for all who are told, most of whom share a text.
    fn frames_like(&self, typed: String) -> Frames {
        let mut frames = Frames::none();
        let mut tell = |dialects: &[Dialect], text: String| {
            let Ok(frame) = Frame::new(text) else { return };
            for dialect in dialects.iter().filter(|dialect| self.dialects().contains(dialect)) {
                frames.set(*dialect, frame.clone());
            }
        };
        if self.dialects().contains(&Dialect::Inbox) {
            tell(&[Dialect::Inbox], self.for_inbox(typed.clone()));
        }
        tell(&[Dialect::Feed, Dialect::Plain, Dialect::Numbered, Dialect::Full, Dialect::Watch], typed);
        if let Some(action) = self.action() {
            tell(&[Dialect::Numbered], action);
        }
        if planted!(ForgottenDialect) && matches!(self, Self::Edited(_)) {
            let known = |dialect| dialect != Dialect::Full;
            return Frames::each(|dialect| frames.get(dialect).filter(|_| known(dialect)).cloned());
        }
        frames
    }

    /// By its type, as most clients know it.
    fn typed(&self) -> String {
        match self {
            Self::FeedHeartbeat => feed::HEARTBEAT.to_owned(),
            Self::Play { media_id } => feed::play(*media_id),
            // Whoever asked by the id of a conversation is answered by it.
            Self::Joined(_) => self.enveloped(self.room()),
            _ => self.enveloped(None),
        }
    }

    /// The same as the inbox knows it: messages have another name, and rooms are conversations.
    fn for_inbox(&self, mut typed: String) -> String {
        if let (Some(room), false) = (self.room(), matches!(self, Self::Joined(_))) {
            add_conversation(&mut typed, room);
        }
        if let (Self::Message(_), Some(name)) = (self, self.name()) {
            typed.replace_range(TYPE.len()..TYPE.len() + name.len(), NEW_MESSAGE);
        }
        typed
    }

    /// As apps know it whose rooms are numbers, if they know it as an action.
    fn action(&self) -> Option<String> {
        let action = match self {
            Self::Typing(event) => Action::typing(event),
            Self::Edited(event) => Action::edited(event),
            Self::Deleted(event) => Action::deleted(event),
            Self::Reacted(event) => Action::reacted(event),
            _ => return None,
        };
        serde_json::to_string(&action).ok()
    }
}
