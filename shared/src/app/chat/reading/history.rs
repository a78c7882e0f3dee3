//! Reads earlier events: page by page, when somebody joins, and those that a socket missed while it was away.

use std::collections::{BTreeMap, BTreeSet};

use crate::app::chat::events::{Reader, event_of};
use crate::app::chat::people::Authors;
use crate::app::rooms::{Standing, standing};
use crate::app::{App, AppError};
use crate::domain::chat::{LoggedEvent, Message};
use crate::domain::rooms::Rank;
use crate::ids::{EventId, RoomCode, UserId};
use crate::ports::{Entries, Entry, Head, Slice};
use crate::protocol::Dialect;
use crate::store::Room;

/// How many events a socket may have missed and still be told them.
const MAX_MISSED: u64 = 200;
/// How many times older entries are read for one page, where most of what lies there is no message any more.
const READS: usize = 4;

/// Some of a room's messages, and what is needed to show them to one person.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// The messages or events, by ascending id.
    pub entries: Vec<Entry>,
    /// Whether there is more beyond them.
    pub more: bool,
    /// The first event that was looked at, a message or not.
    pub first_read: Option<EventId>,
    /// The last one.
    pub last_read: Option<EventId>,
    /// Who wrote.
    pub authors: Authors,
    /// How this person reacted.
    pub mine: BTreeMap<EventId, Vec<String>>,
    /// The messages that events among them are about, as they are now.
    pub targets: BTreeMap<EventId, Message>,
    /// Where the log ends: from there on events come live.
    pub head: Head,
}

impl History {
    /// The message that an event is about, as it is now.
    pub fn target(&self, entry: &Entry) -> Option<&Message> {
        about(entry).and_then(|id| self.targets.get(&id))
    }
}

/// Which message an event is about whose text or reactions it tells.
fn about(entry: &Entry) -> Option<EventId> {
    match &entry.event {
        LoggedEvent::Edited { message_id } | LoggedEvent::Reacted { message_id, .. } => Some(*message_id),
        _ => None,
    }
}

/// Which message a message answers.
fn answered(entry: &Entry) -> Option<EventId> {
    entry.event.message().and_then(|message| message.reply_to)
}

/// A message that answers one which is gone by now answers none.
fn without_lost_answer(mut entry: Entry, known: &BTreeMap<EventId, Message>) -> Entry {
    if let LoggedEvent::Message(message) = &mut entry.event {
        message.reply_to =
            message.reply_to.filter(|id| known.get(id).is_some_and(|answered| !answered.is_deleted));
    }
    entry
}

/// A page of messages: those before one, those after one, or the newest.
pub async fn messages(
    app: &App,
    user: UserId,
    code: &RoomCode,
    (before, after): (Option<EventId>, Option<EventId>),
    limit: usize,
) -> Result<(Standing, History), AppError> {
    let standing = reader(app, user, code).await?;
    let history = match after {
        Some(after) => page_after(app, user, &standing.room, after, limit).await?,
        None => page_before(app, user, &standing.room, before, limit).await?,
    };
    Ok((standing, history))
}

/// The newest messages of a room for who has just come in.
pub(in crate::app) async fn history(
    app: &App,
    user: UserId,
    room: &Room,
    limit: usize,
) -> Result<History, AppError> {
    page_before(app, user, room, None, limit).await
}

/// Whoever reads a room is in it; admins of this Parlor may look into every room but conversations.
pub(in crate::app::chat) async fn reader(
    app: &App,
    user: UserId,
    code: &RoomCode,
) -> Result<Standing, AppError> {
    let standing = standing(app, user, code).await?;
    if standing.rank() != Rank::SiteAdmin {
        standing.insist_on_member()?;
    }
    Ok(standing)
}

async fn page_before(
    app: &App,
    user: UserId,
    room: &Room,
    before: Option<EventId>,
    limit: usize,
) -> Result<History, AppError> {
    let code = &room.code;
    let head = app.ports.log.head(code).await?;
    let mut before = before.unwrap_or(EventId::LAST);
    let mut found: Vec<Entry> = Vec::new();
    let (mut more, mut first_read) = (true, None);
    for _ in 0..READS {
        let read = app.ports.log.read(code, Slice::before(before, limit.max(20))).await?;
        more = read.more;
        let Some(first) = read.entries.first() else { break };
        before = first.id;
        first_read = Some(first.id);
        found.splice(0..0, read.entries.into_iter().filter(|entry| is_shown(room, entry, head)));
        if found.len() >= limit || !more {
            break;
        }
    }
    if found.len() > limit {
        more = true;
        found.drain(..found.len() - limit);
        first_read = found.first().map(|entry| entry.id);
    }
    let history = shown(app, user, code, Entries { entries: found, more }, head).await?;
    Ok(History { first_read, ..history })
}

async fn page_after(
    app: &App,
    user: UserId,
    room: &Room,
    after: EventId,
    limit: usize,
) -> Result<History, AppError> {
    let code = &room.code;
    let head = app.ports.log.head(code).await?;
    let read = app.ports.log.read(code, Slice::after(after, limit)).await?;
    let last_read = read.entries.last().map(|entry| entry.id);
    let entries = read.entries.into_iter().filter(|entry| is_shown(room, entry, head)).collect();
    let history = shown(app, user, code, Entries { entries, more: read.more }, head).await?;
    Ok(History { last_read, ..history })
}

/// A message that is there.
pub(in crate::app::chat) fn is_message(entry: &Entry) -> bool {
    entry.event.message().is_some_and(|message| !message.is_deleted)
}

/// A message that is there, and that the room keeps: what it doesn't is taken away now and then.
fn is_shown(room: &Room, entry: &Entry, head: Head) -> bool {
    is_message(entry) && room.keeps(entry.messages, head.messages)
}

/// The frames of the events after one, as they are now, and after which one the next page begins.
pub async fn event_frames(
    app: &App,
    user: UserId,
    code: &RoomCode,
    after: EventId,
    limit: usize,
) -> Result<(Vec<String>, Option<EventId>), AppError> {
    let standing = reader(app, user, code).await?;
    let head = app.ports.log.head(code).await?;
    let read = app.ports.log.read(code, Slice::after(after, limit)).await?;
    let next = read.entries.last().map(|entry| entry.id).filter(|_| read.more);
    let history = shown(app, user, code, read, head).await?;
    let reader = Reader { user: Some(user), mine: Some(&history.mine), replayed: true };
    let frame = |entry: &Entry| {
        let target = history.target(entry);
        let event = event_of(app.settings(), &standing.room, entry, target, &history.authors, reader);
        event.text(Dialect::Full)
    };
    Ok((history.entries.iter().filter_map(frame).collect(), next))
}

/// What is needed to show these entries to one person.
pub(in crate::app) async fn shown(
    app: &App,
    user: UserId,
    code: &RoomCode,
    read: Entries,
    head: Head,
) -> Result<History, AppError> {
    let ids: Vec<EventId> = read
        .entries
        .iter()
        .filter(|entry| entry.event.message().is_some_and(|message| !message.reactions.is_empty()))
        .map(|entry| entry.id)
        .collect();
    let mine = match ids.as_slice() {
        [] => BTreeMap::new(),
        ids => app.ports.log.reactions_of(code, user, ids).await?,
    };
    let authors = Authors::of(app, code, read.entries.iter().filter_map(|entry| entry.author)).await?;
    let about: BTreeSet<EventId> =
        read.entries.iter().filter_map(|entry| about(entry).or(answered(entry))).collect();
    let about: Vec<EventId> = about.into_iter().collect();
    let targets = match about.as_slice() {
        [] => Vec::new(),
        about => app.ports.log.get(code, about).await?,
    };
    let message = |entry: Entry| entry.event.message().cloned().map(|message| (entry.id, message));
    let targets: BTreeMap<EventId, Message> = targets.into_iter().filter_map(message).collect();
    let (first_read, last_read) = (None, None);
    Ok(History {
        entries: read.entries.into_iter().map(|entry| without_lost_answer(entry, &targets)).collect(),
        more: read.more,
        first_read,
        last_read,
        authors,
        mine,
        targets,
        head,
    })
}

/// What a socket gets that was there before.
#[derive(Debug, Clone)]
pub enum Since {
    /// What it has missed.
    Missed(History),
    /// Too much, or what is no longer there: it begins anew.
    TooFar {
        /// The oldest event that is still there.
        oldest: EventId,
        /// Where the log ends.
        head: Head,
    },
}

/// What has happened in a room since an event.
pub async fn resume(app: &App, user: UserId, code: &RoomCode, since: EventId) -> Result<Since, AppError> {
    let head = app.ports.log.head(code).await?;
    let missed = head.id.0.checked_sub(since.0);
    let oldest = async || -> Result<EventId, AppError> {
        let first = app.ports.log.read(code, Slice::after(EventId(0), 1)).await?;
        Ok(first.entries.first().map_or(EventId(0), |entry| entry.id))
    };
    if missed.is_none_or(|missed| missed > MAX_MISSED) {
        return Ok(Since::TooFar { oldest: oldest().await?, head });
    }
    let limit = usize::try_from(MAX_MISSED).unwrap_or(usize::MAX);
    let read = app.ports.log.read(code, Slice::after(since, limit)).await?;
    let begins_at = read.entries.first().map_or(since.next(), |entry| entry.id);
    if begins_at != since.next() {
        return Ok(Since::TooFar { oldest: begins_at, head });
    }
    Ok(Since::Missed(shown(app, user, code, read, head).await?))
}
