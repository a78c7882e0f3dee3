//! What goes in and out of the [`ChannelLayer`](super::ChannelLayer) port.

use serde::{Deserialize, Serialize};

use super::Cause;
use crate::ids::{ConnectionId, RoomCode, SessionId, UserId};
use crate::protocol::{Frame, Timestamp};

/// Which kind of client a socket serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Endpoint {
    /// The broadcast feed.
    Feed,
}

impl Endpoint {
    /// Its name, as it rides in a connection's context.
    pub fn name(self) -> &'static str {
        match self {
            Self::Feed => "feed",
        }
    }

    /// The endpoint of that name.
    pub fn named(name: &str) -> Option<Self> {
        (name == Self::Feed.name()).then_some(Self::Feed)
    }
}

/// Who is behind a socket: never their token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The person.
    pub user: UserId,
    /// The sign-in.
    pub session: SessionId,
}

/// An open socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// Its name.
    pub id: ConnectionId,
    /// What it serves.
    pub endpoint: Endpoint,
    /// Who is behind it; none for anonymous ones.
    pub identity: Option<Identity>,
    /// When it was opened.
    pub connected_at: Timestamp,
}

/// A set of sockets that get the same messages.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// All sockets of the broadcast feed. Nobody's presence is tracked here.
    Feed,
    /// All sockets of one person.
    User(UserId),
    /// All sockets in one room.
    Room(RoomCode),
}

/// Who may greet a new socket now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WelcomeLease {
    /// You may: no one else will for half a minute.
    Granted(Connection),
    /// Somebody else is at it.
    Busy,
    /// It has been greeted.
    Done,
    /// The socket is gone.
    Gone,
}

/// Whether a message reached the transport of a socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// It is on its way.
    Sent,
    /// Nothing was sent: the socket is gone, and so are its rows now; or its handshake has not been answered yet.
    Gone,
}

/// A piece of a fan-out that an adapter left for later by way of [`Jobs`](super::Jobs): its own shape, to be handed back to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FanOut {
    /// All of a group, or what is left of it.
    Group {
        /// Which one.
        group: Group,
        /// What to send.
        frame: Frame,
        /// The sort key of the last row that is done with; none at first.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<String>,
    },
    /// Some sockets of a group, each with the sort key of its row.
    Sockets {
        /// Which group.
        group: Group,
        /// Which of its rows.
        rows: Vec<String>,
        /// What to send.
        frame: Frame,
        /// Since when these sockets have kept failing, in whole seconds since 1970; none at first.
        failing_since: Option<i64>,
    },
}

/// A call of [`ChannelLayer`](super::ChannelLayer) failed: what stands behind it did not answer. Trying again is safe.
#[derive(Debug, thiserror::Error)]
#[error("the channel layer is unavailable")]
pub struct ChannelError(#[source] pub Cause);
