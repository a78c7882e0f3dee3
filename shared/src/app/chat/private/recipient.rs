//! The recipient of a message: a room, or a person, with whom there is exactly one conversation.

use super::start_conversation::pair_with;
use crate::app::rooms::RoomRefusal;
use crate::app::{App, AppError};
use crate::domain::username::Username;
use crate::ids::{RoomCode, UserId};
use crate::protocol::PersonRef;
use crate::store::Accounts;

/// The room in which somebody says something: the one that they name, else their conversation with the person that they
/// name, which begins by it.
pub async fn recipient(
    app: &App,
    user: UserId,
    room: Option<RoomCode>,
    receiver: Option<&PersonRef>,
) -> Result<RoomCode, AppError> {
    match (room, receiver) {
        (Some(room), _) => Ok(room),
        (None, Some(receiver)) => pair_with(app, user, person(app, receiver).await?).await,
        (None, None) => Err(RoomRefusal::NoRecipient.into()),
    }
}

/// One's notes to oneself, which begin by this.
pub(in crate::app) async fn notes(app: &App, user: UserId) -> Result<RoomCode, AppError> {
    pair_with(app, user, user).await
}

/// The number of a person whom a client names.
pub async fn person(app: &App, named: &PersonRef) -> Result<UserId, AppError> {
    match named {
        PersonRef::Number(id) => Ok(*id),
        PersonRef::Name(name) => {
            let username = Username::parse(name).map_err(|_| RoomRefusal::NoSuchPerson)?;
            let found = Accounts(&*app.ports.table).named(&username).await?;
            Ok(found.ok_or(RoomRefusal::NoSuchPerson)?)
        }
    }
}
