//! The last message and the number of unread ones, for lists of rooms.

use super::events::{Reader, message_body};
use super::people::Authors;
use super::read_mark::reading;
use crate::app::{App, AppError, OwnRoom};
use crate::ids::{EventId, RoomCode};
use crate::ports::Slice;
use crate::protocol::{ChatMessage, Timestamp};

/// How far back the last message is looked for.
const LOOKED_AT: usize = 20;

/// What one member sees of a room's log in a list.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    /// How many messages of others they have not read.
    pub unread: u64,
    /// Up to which event they have.
    pub last_read: EventId,
    /// The number of the last event.
    pub head: EventId,
    /// The last message that isn't deleted.
    pub last_message: Option<ChatMessage>,
}

impl Summary {
    /// When something was said last.
    pub fn said_at(&self) -> Option<Timestamp> {
        self.last_message.as_ref().map(|message| message.created_at)
    }
}

/// What a member sees of a room's log in a list.
pub async fn summary(app: &App, own: &OwnRoom) -> Result<Summary, AppError> {
    let (room, member) = (&own.room, &own.member);
    let head = app.ports.log.head(&room.code).await?;
    let reading = reading(app, &room.code, member).await?;
    let newest = app.ports.log.read(&room.code, Slice::newest(LOOKED_AT)).await?;
    let is_message =
        |entry: &&crate::ports::Entry| entry.event.message().is_some_and(|message| !message.is_deleted);
    let last = newest.entries.iter().rev().find(is_message);
    let last_message = match last {
        Some(entry) => {
            let authors = Authors::of(app, &room.code, entry.author).await?;
            let reader = Reader { user: Some(member.user), ..Reader::default() };
            Some(message_body(app.settings(), room, entry, &authors, reader))
        }
        None => None,
    };
    Ok(Summary { unread: reading.unread, last_read: reading.up_to, head: head.id, last_message })
}

/// The number of a room's last event.
pub async fn last_id(app: &App, code: &RoomCode) -> Result<EventId, AppError> {
    Ok(app.ports.log.head(code).await?.id)
}
