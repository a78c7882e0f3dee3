//! Whether somebody may speak in a room, as far as the room's own row says. Rooms without special rules are read while the message
//! is charged, which saves a round trip.

use futures_util::future::try_join;

use super::private::note_spoken;
use super::say::Author;
use crate::app::rooms::{RoomRefusal, active_room};
use crate::app::{App, AppError, watch};
use crate::domain::chat::Moment;
use crate::ids::{RoomCode, UserId};
use crate::ports::TableError;
use crate::store::{Charge, Room};

/// Where something is said.
#[derive(Debug)]
pub(super) struct Scene {
    pub(super) room: Room,
    /// The moment of what is being watched, if somebody wants to know.
    pub(super) moment: Option<Moment>,
}

/// What is to be known of a room before something is said there.
pub(super) async fn scene(
    app: &App,
    author: &Author,
    code: &RoomCode,
    is_watching: bool,
) -> Result<Scene, AppError> {
    let moment = async {
        match is_watching {
            true => watch::moment(app, code).await,
            false => Ok(None),
        }
    };
    let (room, moment) = try_join(permitted(app, author, code), moment).await?;
    Ok(Scene { room, moment })
}

/// The room, if it is in use and the other one of a conversation can be reached. That the session speaks in a conversation
/// is noted.
async fn permitted(app: &App, author: &Author, code: &RoomCode) -> Result<Room, AppError> {
    let room = active_room(app, code).await?;
    refuse_blocked(&room, author.user)?;
    note_spoken(app, &room, author).await?;
    if is_demanding(&room) {
        app.demanding.add(code.clone());
    } else {
        app.demanding.remove(code);
    }
    Ok(room)
}

/// Whether what a message is charged, or how long others are kept, depends on the room.
fn is_demanding(room: &Room) -> bool {
    let expires = room.retention.is_some_and(|kept| kept.days.is_some());
    !room.is_chat_enabled || room.slow_mode_seconds > 0 || expires
}

/// Who is blocked is refused like somebody who writes to nobody.
pub(super) fn refuse_blocked(room: &Room, user: UserId) -> Result<(), RoomRefusal> {
    if room.is_closed_to(user) { Err(RoomRefusal::NoSuchPerson) } else { Ok(()) }
}

/// What slow mode asks of a message that is being charged already: this process did not know of it. Whoever is refused
/// here may be charged in vain, once.
pub(super) async fn wait_in_slow_mode(app: &App, room: &Room, charge: &Charge) -> Result<(), AppError> {
    let charge = Charge { slow_mode_seconds: room.slow_mode_seconds, ..charge.clone() };
    let Some(pause) = charge.pause() else { return Ok(()) };
    match app.ports.table.write(pause).await {
        Ok(_) => Ok(()),
        Err(TableError::ConditionFailed(refusals)) => {
            let row = refusals.into_iter().find_map(|refusal| refusal.current);
            Err(RoomRefusal::from(charge.why(row.as_ref())).into())
        }
        Err(error) => Err(error.into()),
    }
}
