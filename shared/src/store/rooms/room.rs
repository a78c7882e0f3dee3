//! A room as it is stored: `ROOM#<code>`, `META`.

use serde::{Deserialize, Serialize};

use crate::domain::rooms::{EntryMode, Rank, Retention, RoomKind, RoomRole, WhoMayQueue};
use crate::domain::secret::SecretHash;
use crate::ids::{RoomCode, UserId};
use crate::protocol::Timestamp;

/// Whether a room is in use. A closed one keeps its code.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoomState {
    /// It is.
    #[default]
    Active,
    /// It was closed.
    Closed,
}

/// A room. What changes with every message or command lies in items of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Room {
    /// Its code, as it was created.
    pub code: RoomCode,
    /// What it is for.
    #[serde(default)]
    pub kind: RoomKind,
    /// Its name.
    pub name: String,
    /// What it is about.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Whose it is; conversations and the lobby are nobody's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<UserId>,
    /// Who is host now: the owner, or who acts for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<UserId>,
    /// The number of the host's present absence, if they are away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub absence: Option<u64>,
    /// What the host was before they stood in for the owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stands_in: Option<RoomRole>,
    /// How one gets in.
    pub entry_mode: EntryMode,
    /// What is stored of its password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<SecretHash>,
    /// Whether it is kept off the public list.
    pub is_private: bool,
    /// Whether messages are taken.
    pub is_chat_enabled: bool,
    /// Whether nobody new gets in.
    pub is_locked: bool,
    /// How many members there may be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<u32>,
    /// The pause between one person's messages, in seconds.
    #[serde(default)]
    pub slow_mode_seconds: u32,
    /// How long messages are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention: Option<Retention>,
    /// Who may add to the queue.
    #[serde(default)]
    pub who_may_queue: WhoMayQueue,
    /// Whether playing waits until everybody is ready.
    #[serde(default)]
    pub ready_gate: bool,
    /// Whether what has been watched comes last in the queue again.
    #[serde(default)]
    pub loop_queue: bool,
    /// Whether other programs are told what happens here.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub webhooks: bool,
    /// Whether it is in use.
    #[serde(default)]
    pub state: RoomState,
    /// A conversation's people.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<UserId>,
    /// In a conversation of two: who of them has blocked the other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocked_by: Vec<UserId>,
    /// When it was made, in microseconds since 1970.
    pub created_at: i64,
    /// Grows with every change: whoever writes names the one that they read.
    pub revision: u64,
}

impl Room {
    /// A room as it is at first: public, with chat, without limits, and nobody's.
    pub fn new(
        code: RoomCode,
        kind: RoomKind,
        name: String,
        entry_mode: EntryMode,
        created_at: Timestamp,
    ) -> Self {
        Self {
            code,
            kind,
            name,
            description: String::new(),
            owner: None,
            host: None,
            absence: None,
            stands_in: None,
            entry_mode,
            password: None,
            is_private: false,
            is_chat_enabled: true,
            is_locked: false,
            capacity: None,
            slow_mode_seconds: 0,
            retention: None,
            who_may_queue: WhoMayQueue::Host,
            ready_gate: false,
            loop_queue: false,
            webhooks: false,
            state: RoomState::Active,
            people: Vec::new(),
            blocked_by: Vec::new(),
            created_at: created_at.as_micros(),
            revision: 0,
        }
    }

    /// Whether it is in use.
    pub fn is_active(&self) -> bool {
        self.state == RoomState::Active
    }

    /// Whether somebody can't reach the other one of a conversation of two any more, who has blocked them or is gone.
    pub fn is_closed_to(&self, user: UserId) -> bool {
        let is_pair = self.kind == RoomKind::Pair && self.people.contains(&user);
        is_pair && (self.people.len() < 2 || self.blocked_by.iter().any(|other| *other != user))
    }

    /// Whether a message is kept of which there were so many up to it, and so many are now.
    pub fn keeps(&self, messages: u64, now: u64) -> bool {
        let last = self.retention.and_then(|kept| kept.messages);
        last.is_none_or(|last| messages + u64::from(last) > now)
    }

    /// Whether it stands on the public list.
    pub fn is_listed(&self) -> bool {
        self.is_active() && !self.is_private && matches!(self.kind, RoomKind::Hosted | RoomKind::Lobby)
    }

    /// What somebody is here, as far as rights go.
    pub fn rank(&self, user: UserId, member: Option<RoomRole>) -> Rank {
        match member {
            _ if self.owner == Some(user) => Rank::Owner,
            Some(_) if self.host == Some(user) => Rank::ActingHost,
            Some(RoomRole::CoHost) => Rank::CoHost,
            Some(_) => Rank::Member,
            None => Rank::Stranger,
        }
    }
}
