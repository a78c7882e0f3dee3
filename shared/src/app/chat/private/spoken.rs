//! That a session speaks in a private conversation is noted before it does: by it is found what its end clears.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use crate::app::chat::say::Author;
use crate::app::{App, AppError};
use crate::ids::{RoomCode, SessionId};
use crate::ports::Identity;
use crate::store::{Room, SessionWords};

/// How many notes one process remembers to have made; then it begins anew, and makes some of them again.
const REMEMBERED: usize = 10_000;

/// Which notes this process has made.
#[derive(Debug, Default)]
pub(in crate::app) struct Noted(Mutex<HashSet<(SessionId, RoomCode)>>);

impl Noted {
    fn has(&self, note: &(SessionId, RoomCode)) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(note)
    }

    fn add(&self, note: (SessionId, RoomCode)) {
        let mut notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if notes.len() >= REMEMBERED {
            notes.clear();
        }
        notes.insert(note);
    }
}

/// Notes that a session is about to speak, if it is in a conversation.
pub(in crate::app::chat) async fn note_spoken(
    app: &App,
    room: &Room,
    author: &Author,
) -> Result<(), AppError> {
    let Some(session) = author.session.clone().filter(|_| room.kind.is_conversation()) else { return Ok(()) };
    let note = (session.clone(), room.code.clone());
    if app.noted.has(&note) {
        return Ok(());
    }
    let who = Identity { user: author.user, session };
    let head = app.ports.log.head(&room.code).await?;
    let now = app.ports.clock.now();
    SessionWords(&*app.ports.table).note(&who, &room.code, head.id, now).await?;
    app.noted.add(note);
    Ok(())
}
