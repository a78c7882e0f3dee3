//! Takes back how somebody who is gone has reacted.

use super::clear::tell;
use crate::app::chat::store_entry::kept;
use crate::app::{App, AppError};
use crate::domain::chat::{LoggedEvent, NewEvent};
use crate::ids::{EventId, RoomCode, UserId};
use crate::ports::{Appended, Entry, NewEntry};
use crate::store::{Room, Rooms};

/// An entry that tells of a reaction in words.
pub(super) struct Given {
    /// Its own number.
    pub(super) id: EventId,
    message_id: EventId,
}

/// The reactions that somebody gave or took back, as far as their words are there still.
pub(super) fn given_by(user: UserId, entries: &[Entry]) -> Vec<Given> {
    let theirs = entries.iter().filter(|entry| entry.author == Some(user));
    let given = theirs.filter_map(|entry| match &entry.event {
        LoggedEvent::Reacted { message_id, reaction, .. } if !reaction.is_empty() => {
            Some(Given { id: entry.id, message_id: *message_id })
        }
        _ => None,
    });
    given.collect()
}

/// Takes back those of the reactions that still stand, each by an entry of its own; tells whether there were any.
pub(super) async fn take_back(
    app: &App,
    user: UserId,
    code: &RoomCode,
    given: &[Given],
) -> Result<bool, AppError> {
    let messages: Vec<EventId> = given.iter().map(|given| given.message_id).collect();
    if messages.is_empty() {
        return Ok(false);
    }
    let Some(room) = Rooms(&*app.ports.table).get(code).await? else { return Ok(false) };
    let standing = app.ports.log.reactions_of(code, user, &messages).await?;
    let is_any = !standing.is_empty();
    for (message_id, reactions) in standing {
        for reaction in reactions {
            take_one_back(app, user, &room, message_id, reaction).await?;
        }
    }
    Ok(is_any)
}

async fn take_one_back(
    app: &App,
    user: UserId,
    room: &Room,
    message_id: EventId,
    reaction: String,
) -> Result<(), AppError> {
    let new = NewEntry {
        author: Some(user),
        session: None,
        at: app.ports.clock.now(),
        event: NewEvent::Reacted { message_id, reaction, added: false },
        client_msg_id: None,
        charge: None,
        keep_for: kept(room),
    };
    let _turn = app.ports.turns.take(&room.code).await;
    match app.ports.log.append(&room.code, new).await? {
        Appended::New { id, .. } | Appended::Repeated { id } => {
            tell(app, &room.code, id).await;
            Ok(())
        }
        // It was taken back meanwhile, or the message has gone.
        Appended::NotFolded(_) => Ok(()),
        Appended::Refused { .. } | Appended::Withheld | Appended::Busy => Err(AppError::Busy),
    }
}
