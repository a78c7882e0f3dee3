//! What a player reports of itself: how far its person is, and that an item has ended, upon which the queue goes on.

use super::control::Commander;
use super::next::go_on;
use super::progress::note_event;
use crate::app::{App, AppError};
use crate::domain::watch::has_ended;
use crate::ids::RoomCode;
use crate::protocol::PlayerEvent;

/// Takes note of what happens in a player: how far its person is; where the host's or a co-host's has come to the end, the queue goes on. Nothing is
/// answered.
pub(in crate::app) async fn player_event(
    app: &App,
    by: &Commander,
    code: &RoomCode,
    event: &PlayerEvent,
) -> Result<(), AppError> {
    note_event(app, by.user, code, event).await?;
    if event.event != "ended" {
        return Ok(());
    }
    match go_on(app, by, code, |state, now| has_ended(state, event, now)).await {
        // Members' players end, too; it is not for them to go on.
        Ok(_) | Err(AppError::Room(_)) => Ok(()),
        Err(error) => Err(error),
    }
}
