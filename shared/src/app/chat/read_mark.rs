//! What somebody has read.

use super::announce;
use crate::app::rooms::standing;
use crate::app::{App, AppError};
use crate::ids::{EventId, RoomCode, UserId};
use crate::ports::{Head, Slice};
use crate::store::{Member, Members};

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
    let moved = Members(&*app.ports.table).mark_read(code, user, to.id.0, to.messages).await?;
    let Some(moved) = moved else { return Ok(member) };
    if !standing.room.is_closed_to(user) {
        announce::tell_read(app, &standing.room, &moved, to.id).await;
    }
    Ok(moved)
}

/// The event up to which is read, with how many messages there were up to it.
pub(in crate::app) async fn up_to(app: &App, code: &RoomCode, id: Option<EventId>) -> Result<Head, AppError> {
    let head = app.ports.log.head(code).await?;
    let Some(id) = id.filter(|id| *id < head.id) else { return Ok(head) };
    let slice = Slice { from: EventId(1), to: id, direction: crate::ports::Direction::Backward, limit: 1 };
    let read = app.ports.log.read(code, slice).await?;
    // What has expired before it was read counts as read.
    Ok(read
        .entries
        .last()
        .map_or(Head { id, messages: 0 }, |entry| Head { id: entry.id, messages: entry.messages }))
}

/// How many messages of others somebody has not read: exact, as long as they lie within what is looked at.
pub(in crate::app) async fn unread(app: &App, code: &RoomCode, member: &Member) -> Result<u64, AppError> {
    let head = app.ports.log.head(code).await?;
    let between = head.messages.saturating_sub(member.last_read_count);
    if between == 0 || head.id.0 <= member.last_read {
        return Ok(0);
    }
    let read = app.ports.log.read(code, Slice::after(EventId(member.last_read), LOOKED_AT)).await?;
    let counts = |entry: &&crate::ports::Entry| {
        let message = entry.event.message();
        entry.author != Some(member.user) && message.is_some_and(|message| !message.is_deleted)
    };
    let counted = read.entries.iter().filter(counts).count() as u64;
    if !read.more {
        return Ok(counted);
    }
    // Beyond what is looked at, all count.
    let seen = read.entries.last().map_or(0, |entry| entry.messages.saturating_sub(member.last_read_count));
    Ok(counted + between.saturating_sub(seen))
}

/// How many events are looked at to tell one's own and deleted messages from others'.
const LOOKED_AT: usize = 200;
