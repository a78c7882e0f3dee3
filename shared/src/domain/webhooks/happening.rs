//! What happens in a room, as far as other programs are told.

use serde::{Deserialize, Serialize};

use crate::ids::{EventId, UserId};
use crate::openapi_macros::ToSchema;
use crate::protocol::Event;

/// What a webhook may be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// What is said, edited, deleted, reacted to and cleared.
    Message,
    /// Who comes and goes, asks to come in, is let in, or is shown in another way.
    Member,
    /// The room's settings and host, and its end.
    Room,
}

impl Topic {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Message, Self::Member, Self::Room];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Member => "member",
            Self::Room => "room",
        }
    }
}

/// What has happened, by its place alone: what is told of it is what is stored by then. So nothing that people said or are
/// called waits in a queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum Happening {
    /// An event of the room's log.
    Logged {
        /// Its number.
        id: EventId,
    },
    /// Somebody came.
    Came {
        /// Who.
        user: UserId,
    },
    /// Somebody has gone.
    Gone {
        /// Who.
        user: UserId,
    },
    /// What others see of a member has changed.
    Changed {
        /// Who.
        user: UserId,
    },
    /// Somebody wants to join.
    Applied {
        /// Who.
        user: UserId,
    },
    /// Somebody may join.
    Approved {
        /// Who.
        user: UserId,
    },
    /// Somebody else is host.
    HostChanged {
        /// Who.
        user: UserId,
    },
    /// Some of the room's settings have changed.
    Settings {
        /// Those, by their names.
        names: Vec<String>,
    },
    /// The room was closed.
    Closed,
}

impl Happening {
    /// What it is about.
    pub fn topic(&self) -> Topic {
        match self {
            Self::Logged { .. } => Topic::Message,
            Self::Came { .. }
            | Self::Gone { .. }
            | Self::Changed { .. }
            | Self::Applied { .. }
            | Self::Approved { .. } => Topic::Member,
            Self::HostChanged { .. } | Self::Settings { .. } | Self::Closed => Topic::Room,
        }
    }

    /// What an event for a room's sockets is to other programs; none if they are not told of it. What is in the log is
    /// named by its number there.
    pub fn of(event: &Event) -> Option<Self> {
        Some(match event {
            Event::UserJoined(passage) => Self::Came { user: passage.user_id },
            Event::UserLeft(passage) => Self::Gone { user: passage.user_id },
            Event::MemberUpdated(member) => Self::Changed { user: member.user_id },
            Event::JoinRequested(notice) => Self::Applied { user: notice.user_id },
            Event::JoinApproved(notice) => Self::Approved { user: notice.user_id },
            Event::HostChanged(host) => Self::HostChanged { user: host.host_id },
            Event::RoomUpdated(updated) => Self::Settings { names: updated.changes.names() },
            Event::RoomDeleted(_) => Self::Closed,
            _ => return None,
        })
    }
}
