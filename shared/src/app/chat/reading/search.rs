//! Finds messages by their words.

use super::history::{History, reader, shown};
use crate::app::rooms::Standing;
use crate::app::{App, AppError};
use crate::domain::chat::SearchWords;
use crate::ids::{EventId, RoomCode, UserId};
use crate::ports::{Entries, Entry, Slice};

/// How many times events are read for one page, and how many each time: more is for the next page.
const READS: usize = 10;
const STEP: usize = 100;

/// A page of what was found, by ascending id, and before which event the next page begins; none at the end of the search.
/// It may be short, even empty, and have a next one.
pub async fn search(
    app: &App,
    user: UserId,
    code: &RoomCode,
    words: &SearchWords,
    before: Option<EventId>,
    limit: usize,
) -> Result<(Standing, History, Option<EventId>), AppError> {
    let standing = reader(app, user, code).await?;
    let head = app.ports.log.head(code).await?;
    let mut next = Some(before.unwrap_or(EventId::LAST));
    let mut found: Vec<Entry> = Vec::new();
    for _ in 0..READS {
        let Some(before) = next.filter(|_| found.len() < limit) else { break };
        let read = app.ports.log.read(code, Slice::before(before, STEP)).await?;
        next = read.entries.first().map(|entry| entry.id).filter(|_| read.more);
        for entry in read.entries.into_iter().rev().filter(|entry| is_found(&standing, entry, head, words)) {
            if found.len() == limit {
                // What lies before the last one that has room is for the next page.
                next = found.last().map(|entry| entry.id);
                break;
            }
            found.push(entry);
        }
    }
    found.reverse();
    let history = shown(app, user, code, Entries { entries: found, more: next.is_some() }, head).await?;
    Ok((standing, history, next))
}

fn is_found(standing: &Standing, entry: &Entry, head: crate::ports::Head, words: &SearchWords) -> bool {
    let message = entry.event.message().filter(|message| !message.is_deleted);
    standing.room.keeps(entry.messages, head.messages)
        && message.is_some_and(|message| words.are_in(&message.text))
}
