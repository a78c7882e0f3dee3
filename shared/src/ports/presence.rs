//! Who is in a room, and how it is found out that somebody has left.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Write;
use crate::ids::{PresenceToken, UserId};
use crate::protocol::Timestamp;

/// How long after somebody's last socket has gone it is looked at whether they are back: as long as a reload may take.
pub const ABSENCE_GRACE: Duration = Duration::from_secs(5);

/// What lets a socket into a room.
#[derive(Debug, Clone, PartialEq)]
pub struct Admission {
    /// The name by which the room knows the person.
    pub name: String,
    /// A [`Write::Check`] of the row that gives them the right.
    pub guard: Write,
}

/// What became of a socket that was to join a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joined {
    /// It is a member, and by it the person has come to the room.
    Arrived,
    /// It is a member; the person was there already, or the group keeps no presence.
    Already,
    /// It is no member: the condition of its admission does not hold.
    Refused,
    /// It is no member: the socket is gone.
    Gone,
}

/// Somebody who is in a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Present {
    /// The person.
    pub user: UserId,
    /// The name by which the room knew them when they came.
    pub name: String,
    /// Since when.
    pub since: Timestamp,
}

/// A look at whether somebody has left, which is due [`ABSENCE_GRACE`] after they lost a socket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AbsenceCheck {
    /// The newest join that was known when the socket was lost: whoever has joined since then has a check of their own.
    pub token: PresenceToken,
    /// This very check: its repetition tells again what it found, while another check of the same absence does not.
    pub id: PresenceToken,
}

/// Whether somebody has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absence {
    /// They have a socket there, or have been back since the check was asked for.
    StillHere,
    /// They have left, and this check found it out.
    Left,
    /// They had left before.
    LeftBefore,
}
