//! Why the application ends a socket, or refuses one.

use serde::{Deserialize, Serialize};

/// The application's reasons to close a socket, each with a close code that tells a client whether to come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Close {
    /// The handshake came from a site that is not allowed.
    OriginNotAllowed,
    /// The endpoint wants credentials, and there are none or bad ones.
    Unauthenticated,
    /// The room, or the path, does not exist.
    NoSuchRoom,
    /// The session behind this socket has ended.
    SessionEnded,
    /// The socket's outbox overflowed.
    TooSlow,
}

impl Close {
    /// The WebSocket close code.
    pub fn code(self) -> u16 {
        match self {
            Self::OriginNotAllowed => 4003,
            Self::Unauthenticated => 4001,
            Self::NoSuchRoom => 4002,
            Self::SessionEnded => 4009,
            Self::TooSlow => 4013,
        }
    }

    /// The HTTP status where the handshake itself is refused; a reason that only occurs later has none.
    pub fn status(self) -> Option<u16> {
        match self {
            Self::OriginNotAllowed => Some(403),
            Self::Unauthenticated => Some(401),
            Self::NoSuchRoom => Some(404),
            Self::SessionEnded | Self::TooSlow => None,
        }
    }

    /// The name on the wire: the `code` of errors, and the close reason where one can be sent.
    pub fn name(self) -> &'static str {
        match self {
            Self::OriginNotAllowed => "ORIGIN_NOT_ALLOWED",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::NoSuchRoom => "NO_SUCH_ROOM",
            Self::SessionEnded => "SESSION_ENDED",
            Self::TooSlow => "TOO_SLOW",
        }
    }

    /// The reason as a sentence for a person.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::OriginNotAllowed => "This site may not connect.",
            Self::Unauthenticated => "Sign in first.",
            Self::NoSuchRoom => "There is nothing at this address.",
            Self::SessionEnded => "Your session has ended; sign in again.",
            Self::TooSlow => "This connection could not keep up.",
        }
    }
}
