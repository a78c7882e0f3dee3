//! What names messages.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{InvalidId, SessionId};
use crate::openapi_macros::ToSchema;

/// How the client ids of clears begin; no client may use them.
const CLEAR: &str = "clear#";

text_id!(
    /// A client's own name for something it says, by which saying it again is recognised.
    ClientMsgId,
    "client message id",
    |text| (1..=64).contains(&text.chars().count())
        && !text.chars().any(char::is_control)
        && !text.starts_with(CLEAR)
);

impl ClientMsgId {
    /// What a part of the clear of all that a session has said is called, so that it is told once.
    pub fn of_clear(session: &SessionId, part: usize) -> Self {
        Self(format!("{CLEAR}{session}#{part}").into())
    }
}

/// The number of an event in its room's log: 1, 2, 3 … without a gap. 0 stands for the beginning, before the first.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
)]
#[serde(transparent)]
pub struct EventId(pub u64);

impl EventId {
    /// The last one that a log has room for.
    pub const LAST: Self = Self(9_999_999_999);

    /// The one after it.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The one before it; the beginning has none.
    pub fn previous(self) -> Option<Self> {
        self.0.checked_sub(1).map(Self)
    }
}

impl FromStr for EventId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let plain = text == "0" || (text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0'));
        let id = text.parse().ok().filter(|_| plain).map(Self);
        id.filter(|id| *id <= Self::LAST).ok_or(InvalidId { kind: "message id" })
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn event_ids_have_ten_digits_at_most() {
        assert_eq!("9999999999".parse(), Ok(EventId::LAST));
        assert_eq!("0".parse(), Ok(EventId::default()));
        for bad in ["", "00", "01", "+1", "-1", "1.0", "10000000000"] {
            assert!(bad.parse::<EventId>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn no_client_can_name_a_message_as_clears_are_named() {
        let session = SessionId::from_random([7; 16]);
        assert!(ClientMsgId::of_clear(&session, 0).as_str().parse::<ClientMsgId>().is_err());
        assert!("é".repeat(64).parse::<ClientMsgId>().is_ok());
        for bad in ["", "a\nb", &"x".repeat(65)] {
            assert!(bad.parse::<ClientMsgId>().is_err(), "{bad:?}");
        }
    }
}
