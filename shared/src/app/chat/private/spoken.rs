//! Notes that a session is about to speak in a private conversation. Signing out finds by these notes what to clear.

use crate::app::chat::say::Author;
use crate::app::{App, AppError};
use crate::ports::Identity;
use crate::store::{Room, SessionWords};

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
