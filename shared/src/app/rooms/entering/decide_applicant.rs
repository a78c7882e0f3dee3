//! Approves or denies somebody who asks to join. Host and co-hosts do so.

use super::join_room::members;
use crate::app::rooms::standing::Standing;
use crate::app::rooms::{RoomRefusal, arrivals, note, standing};
use crate::app::{App, AppError, profile};
use crate::domain::rooms::{Act, RoomRole, Status};
use crate::ids::{RoomCode, UserId};
use crate::store::{Joining, Member, Members, Membership, Moved, NewMember, Room, RoomDeed};

/// How often a decision is taken anew because something changed meanwhile.
const TRIES: u32 = 8;

/// Lets an applicant in, or turns them away.
pub async fn decide_applicant(
    app: &App,
    actor: UserId,
    code: &RoomCode,
    applicant: UserId,
    is_approved: bool,
) -> Result<bool, AppError> {
    for _ in 0..TRIES {
        let standing = standing(app, actor, code).await?;
        standing.insist_on(Act::Decide)?;
        let row = Members(&*app.ports.table).get(code, applicant).await?;
        match row.as_ref().map(|row| row.status) {
            Some(Status::Pending) => {}
            Some(Status::Approved) if is_approved => return Ok(true),
            _ => return Err(RoomRefusal::NoSuchPerson.into()),
        }
        let Some(row) = row else { continue };
        if decide(app, &standing, &row, is_approved).await? {
            return Ok(is_approved);
        }
    }
    Err(AppError::Busy)
}

/// Tells whether it was done; not if something has changed meanwhile.
async fn decide(app: &App, standing: &Standing, row: &Member, is_approved: bool) -> Result<bool, AppError> {
    let (room, now) = (&standing.room, app.ports.clock.now());
    let membership = Membership(&*app.ports.table);
    if is_approved {
        let user = profile(app, row.user).await.map_err(|_| RoomRefusal::NoSuchPerson)?;
        if is_full(app, room).await? {
            return Err(RoomRefusal::RoomFull.into());
        }
        let new = NewMember {
            user: &user,
            status: Status::Approved,
            role: RoomRole::Member,
            before: Some(row),
            invitation: None,
        };
        let Joining::Done(member) = membership.join(room, &new, now).await? else { return Ok(false) };
        arrivals::let_in(app, room, &member).await?;
        arrivals::tell_approved(app, room, &member).await?;
        note(app, &room.code, RoomDeed::Approved, Some(standing.user.id), Some(row.user), "").await?;
        return Ok(true);
    }
    if membership.move_to(room, row, Status::Denied, now).await? == Moved::Meanwhile {
        return Ok(false);
    }
    arrivals::tell_denied(app, room, row).await?;
    note(app, &room.code, RoomDeed::Denied, Some(standing.user.id), Some(row.user), "").await?;
    Ok(true)
}

async fn is_full(app: &App, room: &Room) -> Result<bool, AppError> {
    match room.capacity {
        Some(capacity) => Ok(members(app, room).await? >= capacity),
        None => Ok(false),
    }
}
