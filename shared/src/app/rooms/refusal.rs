//! The reasons for which a room refuses something.

use crate::domain::rooms::{EntryRefused, Refused};
use crate::protocol::ErrorCode;
use crate::store::ChargeRefused;

/// Why something isn't done in a room. Each has a code on the wire, the same on sockets and over HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RoomRefusal {
    /// No room has this code, or it isn't for this person.
    #[error("no such room")]
    NoSuchRoom,
    /// The room was closed.
    #[error("the room was closed")]
    RoomClosed,
    /// No message has this number.
    #[error("no such message")]
    NoSuchMessage,
    /// There is nobody of that number, or nobody who wants to hear from this person.
    #[error("no such person")]
    NoSuchPerson,
    /// Whoever asks is not a member.
    #[error("not a member")]
    NotApproved,
    /// They are banned.
    #[error("banned")]
    Banned,
    /// Only host and co-hosts may.
    #[error("for the host alone")]
    HostOnly,
    /// Nobody may, to this person.
    #[error("nobody acts on the host")]
    Untouchable,
    /// Guests may not.
    #[error("not for guests")]
    GuestsMayNot,
    /// They are silenced.
    #[error("muted")]
    Muted,
    /// The room takes no messages.
    #[error("chat is disabled")]
    ChatDisabled,
    /// A password is wanted.
    #[error("a password is required")]
    PasswordRequired,
    /// It is the wrong one.
    #[error("wrong password")]
    WrongPassword,
    /// They were turned away a moment ago.
    #[error("denied")]
    Denied {
        /// In how many seconds they may ask again.
        retry_after: u64,
    },
    /// Nobody new gets in.
    #[error("the room is locked")]
    RoomLocked,
    /// All places are taken.
    #[error("the room is full")]
    RoomFull,
    /// Somebody else has this code.
    #[error("the code is taken")]
    CodeTaken,
    /// The invitation has ended, or was used up.
    #[error("the invitation has ended")]
    InvitationExpired,
    /// Too much at once.
    #[error("rate limited")]
    RateLimited {
        /// In how many seconds there may be more.
        retry_after: u64,
    },
    /// The same text again.
    #[error("repeated")]
    Repeated {
        /// In how many seconds it may be said again.
        retry_after: u64,
    },
    /// Slow mode holds them back.
    #[error("slow mode")]
    SlowMode {
        /// For so many seconds.
        retry_after: u64,
    },
    /// There is no text.
    #[error("empty")]
    Empty,
    /// The text is too long.
    #[error("too long")]
    TooLong,
    /// It isn't said to whom.
    #[error("no recipient")]
    NoRecipient,
    /// The host can't leave alone.
    #[error("the host is alone")]
    HostIsAlone,
}

impl RoomRefusal {
    /// In how many seconds it makes sense to try again, where that can be said.
    pub fn retry_after(self) -> Option<u64> {
        match self {
            Self::Denied { retry_after }
            | Self::RateLimited { retry_after }
            | Self::Repeated { retry_after }
            | Self::SlowMode { retry_after } => Some(retry_after),
            _ => None,
        }
    }
}

impl From<EntryRefused> for RoomRefusal {
    fn from(refused: EntryRefused) -> Self {
        match refused {
            EntryRefused::Banned => Self::Banned,
            EntryRefused::Denied { retry_after } => Self::Denied { retry_after },
            EntryRefused::Locked => Self::RoomLocked,
            EntryRefused::Full => Self::RoomFull,
            EntryRefused::PasswordRequired => Self::PasswordRequired,
            EntryRefused::WrongPassword => Self::WrongPassword,
        }
    }
}

impl From<Refused> for RoomRefusal {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::HostOnly => Self::HostOnly,
            Refused::Untouchable => Self::Untouchable,
        }
    }
}

impl From<ChargeRefused> for RoomRefusal {
    fn from(refused: ChargeRefused) -> Self {
        match refused {
            ChargeRefused::NotIn(Some(crate::domain::rooms::Status::Banned)) => Self::Banned,
            ChargeRefused::NotIn(_) => Self::NotApproved,
            ChargeRefused::Muted => Self::Muted,
            ChargeRefused::Slow { retry_after } => Self::SlowMode { retry_after },
            ChargeRefused::Repeated { retry_after } => Self::Repeated { retry_after },
            // Somebody else spent what was left in between.
            ChargeRefused::InBurst => Self::RateLimited { retry_after: 1 },
            ChargeRefused::Spent { retry_after } => Self::RateLimited { retry_after },
        }
    }
}

impl RoomRefusal {
    /// What it is called on the wire.
    pub fn code(self) -> ErrorCode {
        match self {
            Self::NoSuchRoom => ErrorCode::NoSuchRoom,
            Self::RoomClosed => ErrorCode::RoomClosed,
            Self::NoSuchMessage => ErrorCode::NoSuchMessage,
            Self::NoSuchPerson => ErrorCode::NoSuchPerson,
            Self::NotApproved => ErrorCode::NotApproved,
            Self::Banned => ErrorCode::Banned,
            Self::HostOnly | Self::Untouchable => ErrorCode::HostOnly,
            Self::GuestsMayNot => ErrorCode::GuestsMayNot,
            Self::Muted => ErrorCode::Muted,
            Self::ChatDisabled => ErrorCode::ChatDisabled,
            Self::PasswordRequired => ErrorCode::PasswordRequired,
            Self::WrongPassword => ErrorCode::WrongPassword,
            Self::Denied { .. } => ErrorCode::Denied,
            Self::RoomLocked => ErrorCode::RoomLocked,
            Self::RoomFull => ErrorCode::RoomFull,
            Self::CodeTaken => ErrorCode::CodeTaken,
            Self::InvitationExpired => ErrorCode::InvitationExpired,
            Self::RateLimited { .. } => ErrorCode::RateLimited,
            Self::Repeated { .. } => ErrorCode::Repeated,
            Self::SlowMode { .. } => ErrorCode::SlowMode,
            Self::Empty => ErrorCode::Empty,
            Self::TooLong => ErrorCode::TooLong,
            Self::NoRecipient => ErrorCode::NoRecipient,
            Self::HostIsAlone => ErrorCode::Conflict,
        }
    }

    /// A sentence for a person.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Untouchable => "Nobody may do this to the host.",
            Self::HostIsAlone => {
                "You are the host, and there is nobody to hand over to: close the room instead."
            }
            other => other.code().sentence(),
        }
    }
}
