//! Carries a person's new name or picture into every room that they are in.

use super::{TRIES, rooms_of};
use crate::app::rooms::arrivals::{tell_room_updated, tell_updated};
use crate::app::{App, AppError};
use crate::domain::rooms::default_room_name;
use crate::ids::{RoomCode, UserId};
use crate::store::{Changed, Member, Members, Membership, Room, Rooms, User, Users};

/// Gives a person in all their rooms the name and picture that they have now, and a guest's rows the time. The job.
pub(in crate::app) async fn update_in_rooms(app: &App, user: UserId) -> Result<(), AppError> {
    let Some(user) = Users(&*app.ports.table).get(user).await? else { return Ok(()) };
    for code in rooms_of(app, user.id).await? {
        update_in(app, &user, &code).await?;
    }
    Ok(())
}

async fn update_in(app: &App, user: &User, code: &RoomCode) -> Result<(), AppError> {
    let table = &*app.ports.table;
    for _ in 0..TRIES {
        let room = Rooms(table).get(code).await?;
        let Some((room, before)) = room.zip(Members(table).get(code, user.id).await?) else { return Ok(()) };
        let Some(after) = Membership(table).rename(&room, &before, user).await? else { continue };
        if (&after.name, &after.picture) != (&before.name, &before.picture) {
            if room.is_active() && after.is_approved() {
                tell_updated(app, &room, &after).await?;
            }
            return rename_room(app, room, &before, &after).await;
        }
        return Ok(());
    }
    Err(AppError::Busy)
}

/// A room that is called after its owner is so still.
async fn rename_room(app: &App, room: Room, before: &Member, after: &Member) -> Result<(), AppError> {
    if room.owner != Some(before.user) || room.name != default_room_name(&before.name) {
        return Ok(());
    }
    let renamed = Room { name: default_room_name(&after.name), ..room.clone() };
    if let Changed::Yes(renamed) = Rooms(&*app.ports.table).replace(&room, renamed).await?
        && renamed.is_active()
    {
        tell_room_updated(app, &room, &renamed).await?;
    }
    Ok(())
}
