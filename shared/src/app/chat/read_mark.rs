//! How far somebody has read: up to their mark, or up to their own last message if that is newer.

use super::announce;
use crate::app::rooms::standing;
use crate::app::{App, AppError};
use crate::domain::chat::LoggedEvent;
use crate::ids::{EventId, RoomCode, UserId};
use crate::ports::{Direction, Entry, Head, Slice};
use crate::store::{Member, Members};

/// How many events of a log are read at a time.
const PAGE: usize = 200;
/// How many such pages at most, to tell one's own and deleted messages from others'.
const MAX_PAGES: usize = 5;
/// Who speaks so many events after their mark has it moved. Nearer ones save a write with each message: they are found when
/// somebody asks.
const MARKED_BEYOND: u64 = 100;

/// How far somebody has read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::app) struct Reading {
    /// Up to this event.
    pub(in crate::app) up_to: EventId,
    /// How many messages of others came after it.
    pub(in crate::app) unread: u64,
}

/// Moves somebody's mark to a message, or to the end; it never goes back, nor beyond the end. Answers their row.
pub async fn mark_read(
    app: &App,
    user: UserId,
    code: &RoomCode,
    message_id: Option<EventId>,
) -> Result<Member, AppError> {
    let standing = standing(app, user, code).await?;
    let member = standing.insist_on_member()?.clone();
    let to = up_to(app, code, message_id).await?;
    if member.has_spoken_since_mark() && reading(app, code, &member).await?.up_to >= to.id {
        return Ok(member);
    }
    let moved = Members(&*app.ports.table).mark_read(code, &member, to).await?;
    let Some(moved) = moved else { return Ok(member) };
    if !standing.room.is_closed_to(user) {
        announce::tell_read(app, &standing.room, &moved, to.id).await;
    }
    Ok(moved)
}

/// Who has said something has read what came before. The mark follows when it is far behind.
pub(super) async fn mark_own(app: &App, code: &RoomCode, author: &Member, said: Head) {
    if said.id.0.saturating_sub(author.last_read) <= MARKED_BEYOND {
        return;
    }
    if let Err(error) = Members(&*app.ports.table).mark_read(code, author, said).await {
        tracing::warn!(room = %code, %error, "an author's mark of what they have read stays behind");
    }
}

/// The event up to which is read, with how many messages there were up to it.
pub(in crate::app) async fn up_to(app: &App, code: &RoomCode, id: Option<EventId>) -> Result<Head, AppError> {
    let head = app.ports.log.head(code).await?;
    let Some(id) = id.filter(|id| *id < head.id) else { return Ok(head) };
    let slice = Slice { from: EventId(1), to: id, direction: Direction::Backward, limit: 1 };
    let read = app.ports.log.read(code, slice).await?;
    // What has expired before it was read counts as read.
    Ok(read
        .entries
        .last()
        .map_or(Head { id, messages: 0 }, |entry| Head { id: entry.id, messages: entry.messages }))
}

/// How far somebody has read, and what they have not: exact, as long as that lies within what is looked at.
pub(in crate::app) async fn reading(
    app: &App,
    code: &RoomCode,
    member: &Member,
) -> Result<Reading, AppError> {
    let head = app.ports.log.head(code).await?;
    let mut seen = Head { id: EventId(member.last_read), messages: member.last_read_count };
    let mut reading = Reading { up_to: seen.id, unread: 0 };
    for _ in 0..MAX_PAGES {
        if head.messages <= seen.messages || head.id <= seen.id {
            return Ok(reading);
        }
        let page = app.ports.log.read(code, Slice::after(seen.id, PAGE)).await?;
        for entry in &page.entries {
            reading.pass(entry, member.user);
        }
        let Some(last) = page.entries.last() else { return Ok(reading) };
        seen = Head { id: last.id, messages: last.messages };
    }
    // Beyond what is looked at, all count.
    Ok(Reading { unread: reading.unread + head.messages.saturating_sub(seen.messages), ..reading })
}

impl Reading {
    fn pass(&mut self, entry: &Entry, reader: UserId) {
        if planted!(EditsUnread) && matches!(entry.event, LoggedEvent::Edited { .. }) {
            self.unread += 1;
        }
        let Some(message) = entry.event.message() else { return };
        if entry.author == Some(reader) {
            *self = Self { up_to: entry.id, unread: 0 };
        } else {
            self.unread += u64::from(!message.is_deleted);
        }
    }
}

/// Gives members the marks that they would have if those were moved with each message of theirs.
pub(in crate::app) async fn advance_marks(
    app: &App,
    code: &RoomCode,
    members: &mut [Member],
) -> Result<(), AppError> {
    let mut newest = None;
    for member in members.iter_mut().filter(|member| member.has_spoken_since_mark()) {
        if newest.is_none() {
            newest = Some(app.ports.log.read(code, Slice::newest(PAGE)).await?.entries);
        }
        let said = newest.iter().flatten().rev().find(|entry| is_message_of(entry, member.user));
        let up_to = match said {
            Some(entry) => entry.id,
            None => reading(app, code, member).await?.up_to,
        };
        member.last_read = member.last_read.max(up_to.0);
    }
    Ok(())
}

fn is_message_of(entry: &Entry, user: UserId) -> bool {
    entry.author == Some(user) && matches!(entry.event, LoggedEvent::Message(_))
}
