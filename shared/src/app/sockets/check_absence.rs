//! The job that looks, five seconds after somebody's socket has gone, whether they have left the room.

use crate::app::rooms::arrivals::{tell_come, tell_gone};
use crate::app::watch::host_absence;
use crate::app::{App, AppError};
use crate::ids::{RoomCode, UserId};
use crate::ports::{Absence, AbsenceCheck, Group};
use crate::store::{Member, Members, Rooms};

/// Marks a person as gone from a room, unless they have a socket there or have been back since; the room is told. Whoever
/// came back while it was told is told of, too.
pub(in crate::app) async fn check_absence(
    app: &App,
    code: RoomCode,
    user: UserId,
    check: &AbsenceCheck,
) -> Result<(), AppError> {
    let group = Group::Room(code.clone());
    let turn = app.ports.turns.take(&code).await;
    let absence = app.ports.groups.confirm_left(&group, user, Some(check)).await?;
    drop(turn);
    let Some(room) = Rooms(&*app.ports.table).get(&code).await? else { return Ok(()) };
    if absence == Absence::Left {
        tell_gone(app, &room, user).await?;
    }
    if room.host == Some(user) {
        // A socket that was found dead, or whose function died, has told nobody that it was the host's. They may have
        // others here, by which they don't watch.
        host_absence::look_for_host(app, &code).await?;
    }
    if absence != Absence::Left {
        return Ok(());
    }
    let is_back = !app.ports.groups.present(&group, Some(user)).await?.is_empty();
    let member = Members(&*app.ports.table).get(&code, user).await?.filter(Member::is_approved);
    if let Some(member) = member.filter(|_| is_back) {
        tell_come(app, &room, &member).await;
    }
    Ok(())
}
