//! Leaves a room.

use crate::app::rooms::standing::Standing;
use crate::app::rooms::{RoomRefusal, arrivals, hosts, standing};
use crate::app::{App, AppError};
use crate::domain::rooms::Status;
use crate::ids::{RoomCode, UserId};
use crate::store::{Member, Membership, Moved};

/// How often it is tried anew because something changed meanwhile.
const TRIES: u32 = 8;

/// Takes a member out of a room, or withdraws what an applicant asked for. A host hands over first. Whoever is gone
/// already stays gone.
pub async fn leave_room(app: &App, user: UserId, code: &RoomCode) -> Result<(), AppError> {
    for _ in 0..TRIES {
        let standing = standing(app, user, code).await?;
        let Some(member) = standing.member.clone() else { return Ok(()) };
        match member.status {
            Status::Approved => {}
            Status::Pending => {
                if moved(app, &standing, &member).await? {
                    return Ok(());
                }
                continue;
            }
            Status::Banned => return Err(RoomRefusal::Banned.into()),
            // The first time may have broken off before their sockets were out.
            Status::Left => return arrivals::let_out(app, &standing.room, user).await,
            Status::Denied => return Ok(()),
        }
        if !standing.room.kind.can_be_left() {
            return Err(AppError::Conflict("A conversation of two can't be left."));
        }
        if standing.room.host == Some(user) {
            // With the next round they are host no more.
            hosts::hand_over(app, &standing.room, user).await?;
            continue;
        }
        if moved(app, &standing, &member).await? {
            arrivals::let_out(app, &standing.room, user).await?;
            return Ok(());
        }
    }
    Err(AppError::Busy)
}

async fn moved(app: &App, standing: &Standing, member: &Member) -> Result<bool, AppError> {
    if member.is_approved() {
        arrivals::put_out_soon(app, &standing.room.code, member.user).await?;
    }
    let now = app.ports.clock.now();
    let moved = Membership(&*app.ports.table).move_to(&standing.room, member, Status::Left, now).await?;
    Ok(moved == Moved::Yes)
}
