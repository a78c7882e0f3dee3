//! Somebody is writing, or no longer.

use crate::app::rooms::shown::{author, place};
use crate::app::rooms::tell::{Actor, announce_to_room};
use crate::app::rooms::{RoomRefusal, standing};
use crate::app::{App, AppError};
use crate::ids::{RoomCode, UserId};
use crate::ports::Group;
use crate::protocol::{Event, Typing};

/// With more people present than this, typing isn't told.
pub(super) const CROWD: usize = 50;

/// Tells a room that somebody is writing, or no longer. Who may not speak doesn't type either.
pub(in crate::app) async fn typing(
    app: &App,
    user: UserId,
    code: &RoomCode,
    is_typing: bool,
) -> Result<(), AppError> {
    let standing = standing(app, user, code).await?;
    let member = standing.insist_on_member()?;
    if member.is_muted(app.ports.clock.now()) {
        return Err(RoomRefusal::Muted.into());
    }
    if standing.room.is_closed_to(user) {
        return Ok(());
    }
    let group = Group::Room(standing.room.code.clone());
    if app.ports.groups.present(&group, None).await?.len() > CROWD {
        return Ok(());
    }
    let by = author(app.settings(), &standing.room, member);
    let event = Event::Typing(Typing { by, is_typing, place: place(&standing.room, Some(user)) });
    announce_to_room(app, &standing.room, &event, &Actor::person(user)).await;
    Ok(())
}
