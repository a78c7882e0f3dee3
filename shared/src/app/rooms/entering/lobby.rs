//! The lobby: a room without a host that everybody may enter, made when somebody first asks for it.

use crate::app::rooms::RoomRefusal;
use crate::app::{App, AppError};
use crate::domain::rooms::{EntryMode, LOBBY, Retention, RoomKind};
use crate::ids::RoomCode;
use crate::store::{Membership, Room, Rooms};

/// The pause between one person's messages, in seconds: strangers meet here, and nobody moderates but admins.
const SLOW_MODE_SECONDS: u32 = 5;
/// For how many days its messages are kept.
const KEPT_DAYS: u32 = 30;

/// Whether a code is the lobby's.
pub(in crate::app::rooms) fn is_lobby(code: &RoomCode) -> bool {
    code.folded() == LOBBY
}

/// The lobby, which is made if it isn't there yet.
pub(in crate::app::rooms) async fn open_lobby(app: &App) -> Result<Room, AppError> {
    let code: RoomCode = LOBBY.parse().map_err(|_| RoomRefusal::NoSuchRoom)?;
    let now = app.ports.clock.now();
    let room = Room {
        slow_mode_seconds: SLOW_MODE_SECONDS,
        retention: Some(Retention { days: Some(KEPT_DAYS), messages: None }),
        ..Room::new(code.clone(), RoomKind::Lobby, "Lobby".to_owned(), EntryMode::Open, now)
    };
    // Whoever came first made it.
    Membership(&*app.ports.table).create(&room, &[], now).await?;
    Ok(Rooms(&*app.ports.table).get(&code).await?.ok_or(RoomRefusal::NoSuchRoom)?)
}
