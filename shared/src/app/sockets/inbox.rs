//! Which room a message on the inbox is meant for, and which rooms an inbox has joined.

use crate::app::chat;
use crate::app::rooms::RoomRefusal;
use crate::app::{App, AppError};
use crate::ids::{RoomCode, UserId};
use crate::ports::{Connection, Endpoint};
use crate::protocol::ChatCommand;
use crate::store::JoinedRooms;

/// The room of a command that names none: the conversation with the receiver that it names, else the only room that this
/// socket has joined; what is said without either goes to one's own notes.
pub(super) async fn meant(
    app: &App,
    connection: &Connection,
    user: UserId,
    command: &ChatCommand,
) -> Result<RoomCode, AppError> {
    let is_message = matches!(command, ChatCommand::Send(_));
    if let ChatCommand::Send(message) = command
        && let Some(receiver) = &message.receiver
    {
        return chat::recipient(app, user, None, Some(receiver)).await;
    }
    match JoinedRooms(&*app.ports.table).of(&connection.id, 2).await?.as_slice() {
        [only] => Ok(only.clone()),
        [] if is_message => chat::notes(app, user).await,
        _ => Err(RoomRefusal::NoRecipient.into()),
    }
}

/// Notes that an inbox has joined a room.
pub(super) async fn joined(app: &App, connection: &Connection, code: &RoomCode) -> Result<(), AppError> {
    if connection.endpoint == Endpoint::Inbox {
        let now = app.ports.clock.now();
        JoinedRooms(&*app.ports.table).note(&connection.id, code, now).await?;
    }
    Ok(())
}

/// Notes that an inbox has left a room.
pub(super) async fn left(app: &App, connection: &Connection, code: &RoomCode) -> Result<(), AppError> {
    Ok(JoinedRooms(&*app.ports.table).forget(&connection.id, code).await?)
}
