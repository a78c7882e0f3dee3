//! One event on its way to all sockets of a group.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ids::{ConnectionId, RoomCode, UserId};
use crate::protocol::{Dialect, Frame, Frames};

/// What [`Sender::publish`](super::Sender::publish) sends: a frame in each dialect, and perhaps another copy, or none,
/// for the sockets of the person whose doing it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Broadcast {
    /// What the members of the group get.
    pub frames: Frames,
    /// Whose sockets get something else instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own: Option<Own>,
    /// Where the event can be found again, if it is stored.
    #[serde(default, skip_serializing_if = "Source::is_frame")]
    pub source: Source,
    /// The conversation of which somebody's inbox is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<RoomCode>,
}

/// What the sockets of the person get who caused an event. They get it after everybody else: it is their
/// acknowledgement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Own {
    /// The person.
    pub user: UserId,
    /// What they get in place of what the others get.
    pub copy: OwnCopy,
    /// The socket that asked for it: it gets its copy even if it is not a member of the group (yet).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connection: Option<(ConnectionId, Dialect)>,
}

/// One's own copy of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnCopy {
    /// One is not told of one's own doing.
    Nothing,
    /// These.
    Frames(Frames),
}

/// What names an event while a part of its fan-out waits in the queue. Whoever goes on with the fan-out sends what is
/// stored by then, and nothing if it was superseded or deleted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The event is stored nowhere: its frames themselves are queued.
    #[default]
    Frame,
    /// An event in a room's log.
    Event {
        /// The room.
        room: RoomCode,
        /// Its number there.
        id: u64,
    },
    /// The state of a room's playback.
    Playback {
        /// The room.
        room: RoomCode,
        /// The version of that state.
        version: u64,
    },
}

/// A part of a fan-out that an adapter left for later by way of [`Jobs`](super::Jobs).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FanOut {
    /// What is to be sent.
    pub content: Content,
    /// To whom. Only the adapter that wrote it can read it.
    pub rest: Value,
    /// Whose inbox it is for, if it is for one alone: they may have left the conversation meanwhile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inbox_of: Option<UserId>,
}

/// What a queued part of a fan-out sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// These very frames.
    Given(Box<Broadcast>),
    /// What is stored there by then.
    Stored(Source),
}

impl Content {
    /// The room that it is about, as far as that is known.
    pub fn room(&self) -> Option<&RoomCode> {
        match self {
            Self::Given(broadcast) => broadcast.conversation.as_ref(),
            Self::Stored(Source::Event { room, .. } | Source::Playback { room, .. }) => Some(room),
            Self::Stored(Source::Frame) => None,
        }
    }
}

impl Broadcast {
    /// These frames for every member.
    pub fn new(frames: Frames) -> Self {
        Self { frames, own: None, source: Source::Frame, conversation: None }
    }

    /// The same frame for every member, whatever its dialect.
    pub fn same(frame: Frame) -> Self {
        Self::new(Frames::same(frame))
    }

    /// Not for the sockets of one person.
    #[must_use]
    pub fn but_not_to(self, user: UserId) -> Self {
        Self { own: Some(Own { user, copy: OwnCopy::Nothing, connection: None }), ..self }
    }

    /// Stored there.
    #[must_use]
    pub fn stored_as(self, source: Source) -> Self {
        Self { source, ..self }
    }

    /// Whether that person's sockets get a copy of their own, or nothing.
    pub fn is_own(&self, user: Option<UserId>) -> bool {
        self.own.as_ref().is_some_and(|own| user == Some(own.user))
    }

    /// The frames for the person whose doing it is.
    pub fn own_frames(&self) -> Option<&Frames> {
        match &self.own.as_ref()?.copy {
            OwnCopy::Nothing => None,
            OwnCopy::Frames(frames) => Some(frames),
        }
    }

    /// What a socket of that person gets that speaks that dialect.
    pub fn frame_for(&self, user: Option<UserId>, dialect: Dialect) -> Option<&Frame> {
        if self.is_own(user) { self.own_frames()?.get(dialect) } else { self.frames.get(dialect) }
    }

    /// How a queued part of its fan-out names it.
    pub fn content(&self) -> Content {
        match &self.source {
            Source::Frame => Content::Given(Box::new(self.clone())),
            _ if planted!(QueuedFrame) => Content::Given(Box::new(self.clone())),
            stored => Content::Stored(stored.clone()),
        }
    }
}

impl Source {
    /// Whether the event is stored nowhere.
    pub fn is_frame(&self) -> bool {
        *self == Self::Frame
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(text: &str) -> Frames {
        Frames::only(Dialect::Watch, Frame::new(text).unwrap())
    }

    fn text(broadcast: &Broadcast, user: u64, dialect: Dialect) -> Option<&str> {
        broadcast.frame_for(Some(UserId(user)), dialect).map(Frame::as_str)
    }

    #[test]
    fn a_person_gets_their_own_copy_and_the_others_get_the_common_one() {
        let own = Own { user: UserId(7), copy: OwnCopy::Frames(frames("mine")), connection: None };
        let broadcast = Broadcast { own: Some(own), ..Broadcast::new(frames("theirs")) };
        assert_eq!(text(&broadcast, 7, Dialect::Watch), Some("mine"));
        assert_eq!(text(&broadcast, 8, Dialect::Watch), Some("theirs"));
        assert_eq!(text(&broadcast, 7, Dialect::Feed), None);
        assert_eq!(broadcast.frame_for(None, Dialect::Watch).map(Frame::as_str), Some("theirs"));
        let silent = Broadcast::new(frames("theirs")).but_not_to(UserId(7));
        assert_eq!(text(&silent, 7, Dialect::Watch), None);
    }

    #[test]
    fn what_is_stored_is_queued_by_its_name_and_all_else_by_its_text() {
        let broadcast = Broadcast::new(frames("hello"));
        let queued = serde_json::to_string(&broadcast.content()).unwrap();
        assert_eq!(queued, r#"{"given":{"frames":{"w":"hello"}}}"#);
        assert_eq!(
            serde_json::from_str::<Content>(&queued).unwrap(),
            Content::Given(Box::new(broadcast.clone()))
        );
        let room = "kino".parse().unwrap();
        let stored = broadcast.stored_as(Source::Event { room, id: 5 }).content();
        let queued = serde_json::to_string(&stored).unwrap();
        assert_eq!(queued, r#"{"stored":{"event":{"room":"kino","id":5}}}"#);
        assert_eq!(serde_json::from_str::<Content>(&queued).unwrap(), stored);
    }
}
