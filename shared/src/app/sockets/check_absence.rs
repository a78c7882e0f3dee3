//! Somebody lost a socket some seconds ago: have they left?

use crate::app::{App, AppError};
use crate::ids::{RoomCode, UserId};
use crate::ports::{AbsenceCheck, Group};

/// Marks a person as gone from a room, unless they have a socket there or have been back since.
pub(in crate::app) async fn check_absence(
    app: &App,
    room: RoomCode,
    user: UserId,
    check: &AbsenceCheck,
) -> Result<(), AppError> {
    app.ports.groups.confirm_left(&Group::Room(room), user, Some(check)).await?;
    Ok(())
}
