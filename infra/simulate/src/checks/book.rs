//! What is known of each room from the writes that were made.

use std::collections::{BTreeMap, BTreeSet};

use parlor::ports::EXPIRES_AT;
use serde_json::{Map, Value};

use crate::kernel::TaskId;

pub(crate) type Attributes = Map<String, Value>;

/// An entry of a room's log.
#[derive(Debug, Clone)]
pub(crate) struct LogEntry {
    /// `m`, `e`, `d`, `r` or `c`, as it is stored.
    pub(crate) kind: String,
    pub(crate) author: Option<u64>,
    /// What a message said at first.
    pub(crate) text: String,
    /// What it said before, with when it said something else.
    pub(crate) replaced: Vec<(String, i64)>,
    /// The message that it is about, or the messages.
    pub(crate) targets: Vec<u64>,
    /// The work that appended it.
    pub(crate) task: Option<TaskId>,
    /// What is stored now; none once it was trimmed.
    pub(crate) stored: Option<Attributes>,
    /// When it was deleted, if it was.
    pub(crate) deleted_at: Option<i64>,
    /// The sockets that had a row where it is told.
    pub(crate) due: Vec<String>,
    /// Whether whoever had to tell it died, or could not leave it to the queue.
    pub(crate) is_excused: bool,
}

/// Somebody in a room.
#[derive(Debug, Clone, Default)]
pub(crate) struct MemberBook {
    pub(crate) row: Attributes,
    /// When they were in last, in microseconds since 1970; the end of time while they are.
    pub(crate) in_until: Option<i64>,
    /// Since when they have been silenced without a break; the end of time while they are not.
    pub(crate) muted_since: Option<i64>,
    /// When somebody was answered that they are out.
    pub(crate) out_since: Option<i64>,
    /// When that work began by which they went last.
    pub(crate) went_by: i64,
}

/// A room.
#[derive(Debug, Clone, Default)]
pub(crate) struct RoomBook {
    pub(crate) meta: Option<Attributes>,
    pub(crate) playback: Option<Attributes>,
    pub(crate) count: i64,
    pub(crate) members: BTreeMap<u64, MemberBook>,
    /// Who claims which name.
    pub(crate) names: BTreeMap<String, Attributes>,
    /// By number, from 1.
    pub(crate) log: BTreeMap<u64, LogEntry>,
    /// The sockets that have a row in its group, by user.
    pub(crate) rows: BTreeSet<(u64, String)>,
    /// When the number of its host's absence changed last.
    pub(crate) missed_since: i64,
    /// When somebody joined last.
    pub(crate) joined_at: BTreeMap<u64, i64>,
    /// Who is marked as present.
    pub(crate) here: BTreeMap<u64, Attributes>,
    /// When a mark was written that the table knows nothing of any more.
    pub(crate) head: u64,
}

/// All books.
#[derive(Debug, Default)]
pub(crate) struct Books {
    pub(crate) rooms: BTreeMap<String, RoomBook>,
    /// The inboxes' rows, by user.
    pub(crate) inboxes: BTreeMap<u64, BTreeSet<String>>,
    /// Which two people have which conversation.
    pub(crate) pairs: BTreeMap<Vec<u64>, String>,
    pub(crate) sessions: BTreeSet<(u64, String)>,
    /// People whose account is no longer there, whether or not anybody has heard of it.
    pub(crate) erased: BTreeSet<u64>,
    /// People who were told that their account was deleted.
    pub(crate) gone: BTreeSet<u64>,
    /// Where each text was said.
    pub(crate) said: BTreeMap<String, (String, u64)>,
}

/// Whether an item exists at a moment.
pub(crate) fn is_alive(item: &Attributes, now: i64) -> bool {
    let expires = item.get(EXPIRES_AT).and_then(Value::as_i64);
    expires.is_none_or(|expires| expires > now.div_euclid(1_000_000))
}

pub(crate) fn text<'a>(item: &'a Attributes, name: &str) -> &'a str {
    item.get(name).and_then(Value::as_str).unwrap_or_default()
}

pub(crate) fn number(item: &Attributes, name: &str) -> Option<u64> {
    item.get(name).and_then(Value::as_u64)
}

impl LogEntry {
    /// What of it is there at a moment.
    pub(crate) fn at(&self, now: i64) -> Option<&Attributes> {
        self.stored.as_ref().filter(|stored| is_alive(stored, now))
    }
}

impl RoomBook {
    pub(crate) fn is_in(&self, user: u64, now: i64) -> bool {
        let row = self.members.get(&user).map(|member| &member.row);
        row.is_some_and(|row| text(row, "status") == approved() && is_alive(row, now))
    }

    /// Who is in now.
    pub(crate) fn people(&self, now: i64) -> Vec<u64> {
        self.members.keys().copied().filter(|user| self.is_in(*user, now)).collect()
    }

    pub(crate) fn is_active(&self) -> bool {
        self.meta.as_ref().is_some_and(|meta| text(meta, "state") == "active")
    }

    pub(crate) fn host(&self) -> Option<u64> {
        number(self.meta.as_ref()?, "host")
    }

    pub(crate) fn listed_people(&self) -> Vec<u64> {
        let people = self.meta.as_ref().and_then(|meta| meta.get("people")?.as_array());
        people.into_iter().flatten().filter_map(Value::as_u64).collect()
    }
}

/// How a member's row says that they are in.
pub(crate) fn approved() -> &'static str {
    parlor::domain::rooms::Status::Approved.name()
}
