//! A member's row: `MEMBERS#<code>`, `<user>`. It also holds applicants, those who left, and the banned.

use serde::{Deserialize, Serialize};

use crate::domain::rooms::{RoomRole, Status};
use crate::ids::UserId;
use crate::protocol::Timestamp;
use crate::store::User;

/// Somebody's row in a room. What messages change with each one (budget, last text) is read by
/// [`Charge`](crate::store::rooms::Charge) alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// Who.
    pub user: UserId,
    /// Where they stand.
    pub status: Status,
    /// Since when, in microseconds since 1970.
    pub since: i64,
    /// What they are.
    #[serde(default)]
    pub role: RoomRole,
    /// Their name in this room.
    pub name: String,
    /// The name of their picture's bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    /// Whether they are a guest.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_guest: bool,
    /// Whether they were an admin of this Parlor when they came in.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_site_admin: bool,
    /// Until when they are silenced, in microseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub muted_until: Option<i64>,
    /// Up to which message they have read, as it was marked: who speaks has read further, which isn't marked each time.
    #[serde(default)]
    pub last_read: u64,
    /// How many messages there were up to it.
    #[serde(default)]
    pub last_read_count: u64,
    /// How many messages of theirs were let through.
    #[serde(default)]
    pub spoken: u64,
    /// How many those were when their mark was moved last.
    #[serde(default)]
    pub spoken_at_mark: u64,
    /// When a guest's row goes, in whole seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
}

/// A name within a room, claimed by one member at a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberName {
    /// Who has it.
    pub user: UserId,
    /// When a guest's claim goes, in whole seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
}

impl Member {
    /// Whether they are in.
    pub fn is_approved(&self) -> bool {
        self.status == Status::Approved
    }

    /// Whether their name in the room is theirs alone. Whoever is out may be called as somebody else is by now.
    pub fn holds_name(&self) -> bool {
        matches!(self.status, Status::Approved | Status::Pending)
    }

    /// Whether they may not speak now.
    pub fn is_muted(&self, now: Timestamp) -> bool {
        self.muted_until.is_some_and(|until| until > now.as_micros())
    }

    /// What an admin of this Parlor is in a room in which they are no member.
    pub fn visiting(user: &User, now: Timestamp) -> Self {
        Self {
            user: user.id,
            status: Status::Left,
            since: now.as_micros(),
            role: RoomRole::Member,
            name: user.display_name.clone(),
            picture: user.picture.as_ref().map(ToString::to_string),
            is_guest: user.is_guest,
            is_site_admin: true,
            muted_until: None,
            last_read: 0,
            last_read_count: 0,
            spoken: 0,
            spoken_at_mark: 0,
            expires_at: None,
        }
    }

    /// Whether they may have read further than is marked, since they have said something.
    pub fn has_spoken_since_mark(&self) -> bool {
        self.spoken != self.spoken_at_mark
    }

    /// Since when they stand where they stand.
    pub fn standing(&self) -> (Status, Timestamp) {
        (self.status, Timestamp::from_micros(self.since))
    }

    /// Their role, if they are in.
    pub fn role_if_in(&self) -> Option<RoomRole> {
        self.is_approved().then_some(self.role)
    }
}
