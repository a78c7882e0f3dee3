//! The [`RoomLog`] port, and what goes in and out of it.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, ready};

use super::{Cause, Direction, Item, TableError, Write};
use crate::domain::chat::{FoldRefused, LoggedEvent, Message, Moment, NewEvent};
use crate::ids::{ClientMsgId, EventId, RoomCode, SessionId, UserId};
use crate::protocol::Timestamp;

/// What was said and done in each room, in one stream of numbered entries.
///
/// * Ids begin at 1 and have no gap: an entry exists only if the one before it did. Codes match without regard to case.
/// * Each append happens once, also if an answer from behind the port is lost on the way.
/// * An entry, what its event does to earlier messages, and the note of its client id are written together or not at all.
///   A clear of many messages may delete some of them before it appears.
/// * What is refused or repeated leaves nothing behind. A repetition is never refused by the charge; whether it was charged
///   depends on the charge's condition ([`NewEntry::charge`]).
/// * The newest entry never expires, so that numbering never begins again.
/// * Reads see whatever was answered before they began. They never pass over an entry that exists: what is missing has
///   expired.
#[async_trait]
pub trait RoomLog: Debug + Send + Sync {
    /// Puts an entry at the end of a room's log.
    async fn append(&self, room: &RoomCode, entry: NewEntry) -> Result<Appended, RoomLogError> {
        let late = Late { keep_for: entry.keep_for, moment: None };
        let consent = ready(Consented::Given(late)).boxed();
        self.append_with_consent(room, entry, consent).await
    }

    /// The same once somebody has consented, who is asked at the latest while the entry is being charged: an entry to which
    /// they don't is not appended, but may have been charged.
    async fn append_with_consent(
        &self,
        room: &RoomCode,
        entry: NewEntry,
        consent: Consent<'_>,
    ) -> Result<Appended, RoomLogError>;

    /// A part of a room's log.
    async fn read(&self, room: &RoomCode, slice: Slice) -> Result<Entries, RoomLogError>;

    /// The entries of these numbers that are there, by ascending id.
    async fn get(&self, room: &RoomCode, ids: &[EventId]) -> Result<Vec<Entry>, RoomLogError>;

    /// Where a room's log ends.
    async fn head(&self, room: &RoomCode) -> Result<Head, RoomLogError>;

    /// How a person reacted to messages of a room; those to which they didn't are left out.
    async fn reactions_of(
        &self,
        room: &RoomCode,
        user: UserId,
        messages: &[EventId],
    ) -> Result<BTreeMap<EventId, Vec<String>>, RoomLogError>;

    /// Takes away the first entries that are not to be kept, some at a time; tells whether there may be more of them.
    async fn trim(&self, room: &RoomCode, keep: &Keep) -> Result<bool, RoomLogError>;
}

/// What is yet to be found out before something may be appended.
pub type Consent<'a> = BoxFuture<'a, Consented>;

/// What of an entry is found out while it is being charged.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Late {
    /// In place of its own [`NewEntry::keep_for`].
    pub keep_for: Option<Duration>,
    /// The moment of what was being watched when it was said.
    pub moment: Option<Moment>,
}

/// What was found out.
#[derive(Debug, Clone, PartialEq)]
pub enum Consented {
    /// It may be, with what was found out about it.
    Given(Late),
    /// It may not.
    Withheld,
}

/// How many messages one [`NewEvent::Cleared`] clears at most.
pub const MAX_CLEARED: usize = 1000;

/// Something to put at the end of a log.
#[derive(Debug, Clone)]
pub struct NewEntry {
    /// Who says or does it; none if it is the room itself.
    pub author: Option<UserId>,
    /// By which sign-in.
    pub session: Option<SessionId>,
    /// When.
    pub at: Timestamp,
    /// What.
    pub event: NewEvent,
    /// Its author's own name for it. Within a day the same author's second entry of that name is [`Appended::Repeated`].
    /// Without an author it has no meaning.
    pub client_msg_id: Option<ClientMsgId>,
    /// A conditional [`Write::Update`] of an item that isn't the log's own, without which the entry is not appended: what
    /// its author may say. If it has a client id, the condition must refuse what the item shows to be a repetition.
    pub charge: Option<Write>,
    /// How long entries are kept once others have followed them; none for ever.
    pub keep_for: Option<Duration>,
}

impl NewEntry {
    /// This entry with what is known by now.
    #[must_use]
    pub fn completed(self, late: Late) -> Self {
        let event = match (self.event, late.moment) {
            (NewEvent::Message(message), Some(moment)) => NewEvent::Message(message.said_at(Some(moment))),
            (event, _) => event,
        };
        Self { event, keep_for: late.keep_for, ..self }
    }
}

/// An entry of a log.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its number.
    pub id: EventId,
    /// How many messages there were up to it, itself included; what was deleted since counts.
    pub messages: u64,
    /// Who said or did it.
    pub author: Option<UserId>,
    /// By which sign-in.
    pub session: Option<SessionId>,
    /// When.
    pub at: Timestamp,
    /// What, as it is now.
    pub event: LoggedEvent,
}

/// Where a log ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Head {
    /// The number of its last entry; 0 if it has none yet.
    pub id: EventId,
    /// How many messages there were up to it.
    pub messages: u64,
}

/// What became of an entry.
#[derive(Debug, Clone, PartialEq)]
pub enum Appended {
    /// It is in the log.
    New {
        /// Under this number.
        id: EventId,
        /// How many messages there are up to it.
        messages: u64,
        /// The charged item as it is now.
        charged: Option<Item>,
        /// The message that it was about, as it is now; none for what is about none or about many.
        target: Option<Box<Message>>,
    },
    /// Its author had appended it before, under this number.
    Repeated {
        /// That number. What is there may have been deleted since.
        id: EventId,
    },
    /// The charge's condition does not hold.
    Refused {
        /// The item that it is about, as it stands.
        current: Option<Item>,
    },
    /// There was no consent.
    Withheld,
    /// What it is about does not allow it.
    NotFolded(FoldRefused),
    /// So many others were at it that it gave up.
    Busy,
}

/// Which part of a log to read: all ids from one to another, both included, beginning at the end that the direction says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slice {
    /// The smallest id.
    pub from: EventId,
    /// The largest one.
    pub to: EventId,
    /// Which entries to answer if there are more than the limit: the first ones or the last ones.
    pub direction: Direction,
    /// How many entries at most.
    pub limit: usize,
}

impl Slice {
    /// The first entries after one.
    pub fn after(id: EventId, limit: usize) -> Self {
        Self { from: id.next(), to: EventId::LAST, direction: Direction::Forward, limit }
    }

    /// The last entries before one.
    pub fn before(id: EventId, limit: usize) -> Self {
        let to = id.previous().unwrap_or_default();
        Self { from: EventId(1), to, direction: Direction::Backward, limit }
    }

    /// The last entries of all.
    pub fn newest(limit: usize) -> Self {
        Self { from: EventId(1), to: EventId::LAST, direction: Direction::Backward, limit }
    }
}

/// What of a log is to be kept: what fulfils both, and the last entry in any case.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Keep {
    /// The last so many messages, and what is between and after them; none for all.
    pub messages: Option<u64>,
    /// What has been since then; none for all.
    pub since: Option<Timestamp>,
}

/// A part of a log.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Entries {
    /// Its entries by ascending id, whatever the direction; without a gap but for what has expired.
    pub entries: Vec<Entry>,
    /// Whether there may be more of the slice, beyond the last entry or, backward, before the first one. Forward it is
    /// also true where reading ended early.
    pub more: bool,
}

/// A call of [`RoomLog`] failed: what stands behind it did not answer. Whether an entry was appended is
/// unknown; with a client id, trying again is safe.
#[derive(Debug, thiserror::Error)]
#[error("the log is unavailable")]
pub struct RoomLogError(#[source] pub Cause);

impl From<TableError> for RoomLogError {
    fn from(error: TableError) -> Self {
        Self(Box::new(error))
    }
}
