//! A room's messages in pages that are numbered from the newest on, for clients that count pages.

use super::history::{History, is_message, reader, shown};
use crate::app::rooms::Standing;
use crate::app::{App, AppError};
use crate::ids::{EventId, RoomCode, UserId};
use crate::ports::{Entries, Entry, Head, Slice};

/// How many times entries are read for one page, where most of what lies there is no message.
const READS: usize = 10;
/// How many entries are read at once, at least.
const AT_ONCE: usize = 50;

/// A page of messages by its number.
#[derive(Debug)]
pub struct NumberedPage {
    /// The room, and what its reader is there.
    pub standing: Standing,
    /// The messages, by ascending id.
    pub history: History,
    /// How many messages there are on all pages; those that were deleted keep their place, and are shown on none.
    pub count: u64,
    /// Whether there is a page of older ones.
    pub has_next: bool,
}

/// Some messages by their places among all messages of a room: from the one after `after` to `last`.
#[derive(Debug, Clone, Copy)]
struct Places {
    after: u64,
    last: u64,
}

/// The page of that number, from 1, with so many messages; none beyond the last one. The first one is there in any case.
pub async fn numbered_page(
    app: &App,
    user: UserId,
    code: &RoomCode,
    number: u64,
    size: usize,
) -> Result<Option<NumberedPage>, AppError> {
    let standing = reader(app, user, code).await?;
    let head = app.ports.log.head(code).await?;
    let gone = gone(app, code).await?;
    let count = head.messages.saturating_sub(gone);
    let size = size as u64;
    let newer = number.saturating_sub(1).saturating_mul(size);
    if number == 0 || (newer >= count && number > 1) {
        return Ok(None);
    }
    let last = head.messages - newer;
    let places = Places { after: last.saturating_sub(size).max(gone), last };
    let entries = messages_at(app, code, places, head).await?;
    let history = shown(app, user, code, Entries { entries, more: false }, head).await?;
    Ok(Some(NumberedPage { standing, history, count, has_next: places.after > gone }))
}

/// How many messages have been taken away at the log's beginning.
async fn gone(app: &App, code: &RoomCode) -> Result<u64, AppError> {
    let oldest = app.ports.log.read(code, Slice::after(EventId(0), 1)).await?;
    let before = |entry: &Entry| entry.messages - u64::from(entry.event.message().is_some());
    Ok(oldest.entries.first().map_or(0, before))
}

async fn messages_at(app: &App, code: &RoomCode, places: Places, head: Head) -> Result<Vec<Entry>, AppError> {
    let mut found: Vec<Entry> = Vec::new();
    let mut before = entry_of(app, code, places.last, head).await?.next();
    let wanted = usize::try_from(places.last - places.after).unwrap_or(AT_ONCE).max(AT_ONCE);
    for _ in 0..READS {
        let read = app.ports.log.read(code, Slice::before(before, wanted)).await?;
        let Some(first) = read.entries.first() else { break };
        before = first.id;
        let is_done = first.messages <= places.after || !read.more;
        found.splice(0..0, read.entries.into_iter().filter(is_message));
        if is_done {
            break;
        }
    }
    found.retain(|entry| entry.messages > places.after && entry.messages <= places.last);
    Ok(found)
}

/// The number of the entry that is the message at this place, or where it would be: a number is never smaller than a place,
/// and every later message has taken at least one more.
async fn entry_of(app: &App, code: &RoomCode, place: u64, head: Head) -> Result<EventId, AppError> {
    let (mut from, mut to) = (place, head.id.0.saturating_sub(head.messages - place));
    while from < to {
        let middle = from + (to - from) / 2;
        let entry = app.ports.log.get(code, &[EventId(middle)]).await?.pop();
        match entry {
            Some(entry) if entry.messages >= place => to = middle,
            _ => from = middle + 1,
        }
    }
    Ok(EventId(from))
}
