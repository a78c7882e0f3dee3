//! Why the application ends a socket, or refuses one.

use serde::{Deserialize, Serialize};

use super::ErrorCode;

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
    /// The person is banned from the room.
    Banned,
    /// The room was closed.
    RoomClosed,
    /// The person is no member of the room.
    NotApproved,
    /// The person was kicked or banned, or has left.
    Removed,
    /// The session behind this socket has ended.
    SessionEnded,
    /// The socket sent many times more than the limits allow.
    TooManyMessages,
    /// The socket's outbox overflowed.
    TooSlow,
}

impl Close {
    /// All of them; those that refuse a handshake first, in the order in which they are checked.
    pub const ALL: [Self; 10] = [
        Self::OriginNotAllowed,
        Self::Unauthenticated,
        Self::NoSuchRoom,
        Self::Banned,
        Self::RoomClosed,
        Self::NotApproved,
        Self::Removed,
        Self::SessionEnded,
        Self::TooManyMessages,
        Self::TooSlow,
    ];

    /// The WebSocket close code.
    pub fn code(self) -> u16 {
        match self {
            Self::Unauthenticated => 4001,
            Self::NoSuchRoom => 4002,
            Self::OriginNotAllowed | Self::NotApproved => 4003,
            Self::RoomClosed => 4005,
            Self::TooManyMessages => 4008,
            Self::SessionEnded => 4009,
            Self::Banned => 4010,
            Self::Removed => 4011,
            Self::TooSlow => 4013,
        }
    }

    /// The HTTP status where the handshake itself is refused; a reason that only occurs later has none.
    pub fn status(self) -> Option<u16> {
        match self {
            Self::Removed | Self::SessionEnded | Self::TooManyMessages | Self::TooSlow => None,
            _ => Some(self.error().status()),
        }
    }

    /// In how many seconds a client may come back, where it has to wait.
    pub fn retry_after(self) -> Option<u64> {
        /// As long as a flood that was cut takes to be over.
        const AFTER_A_FLOOD: u64 = 10;
        (self == Self::TooManyMessages).then_some(AFTER_A_FLOOD)
    }

    /// The error that says it: the `code` of errors, and the close reason where one can be sent.
    pub fn error(self) -> ErrorCode {
        match self {
            Self::OriginNotAllowed => ErrorCode::OriginNotAllowed,
            Self::Unauthenticated => ErrorCode::Unauthenticated,
            Self::NoSuchRoom => ErrorCode::NoSuchRoom,
            Self::Banned => ErrorCode::Banned,
            Self::RoomClosed => ErrorCode::RoomClosed,
            Self::NotApproved => ErrorCode::NotApproved,
            Self::Removed => ErrorCode::Removed,
            Self::SessionEnded => ErrorCode::SessionEnded,
            Self::TooManyMessages => ErrorCode::TooManyMessages,
            Self::TooSlow => ErrorCode::TooSlow,
        }
    }

    /// The name on the wire.
    pub fn name(self) -> &'static str {
        self.error().name()
    }

    /// The reason as a sentence for a person.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::NoSuchRoom => "There is nothing at this address.",
            _ => self.error().sentence(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_reason_has_the_code_and_the_status_of_the_contract() {
        let table = [
            (4003, Some(403), "ORIGIN_NOT_ALLOWED"),
            (4001, Some(401), "UNAUTHENTICATED"),
            (4002, Some(404), "NO_SUCH_ROOM"),
            (4010, Some(403), "BANNED"),
            (4005, Some(410), "ROOM_CLOSED"),
            (4003, Some(403), "NOT_APPROVED"),
            (4011, None, "REMOVED"),
            (4009, None, "SESSION_ENDED"),
            (4008, None, "TOO_MANY_MESSAGES"),
            (4013, None, "TOO_SLOW"),
        ];
        assert_eq!(Close::ALL.map(|reason| (reason.code(), reason.status(), reason.name())), table);
    }

    #[test]
    fn a_reason_is_stored_by_the_name_that_it_has_on_the_wire() {
        for reason in Close::ALL {
            assert_eq!(json!(reason), json!(reason.name()));
        }
    }
}
