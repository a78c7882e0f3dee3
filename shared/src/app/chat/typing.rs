//! Tells a room that somebody is typing, or has stopped.

use std::time::Duration;

use crate::app::pace::Pace;
use crate::app::rooms::shown::{author, place};
use crate::app::rooms::tell::{Actor, announce_to_room};
use crate::app::rooms::{RoomRefusal, standing};
use crate::app::{App, AppError};
use crate::ids::{RoomCode, UserId};
use crate::ports::Group;
use crate::protocol::{Event, Typing};

/// How often it is told that somebody begins to type: once in the contract's three seconds, less what two messages of a client
/// that waits for just so long may differ by on their way.
const BEGINS_EVERY: Duration = Duration::from_millis(2800);
/// How often it is told that they stop. Each end passes that has a beginning, since those are further apart.
const ENDS_EVERY: Duration = Duration::from_millis(300);

/// Limits how often this process tells of somebody's typing in a room.
#[derive(Debug)]
pub(in crate::app) struct TypingPace {
    begins: Pace<(UserId, String)>,
    ends: Pace<(UserId, String)>,
}

impl Default for TypingPace {
    fn default() -> Self {
        Self { begins: Pace::new(BEGINS_EVERY), ends: Pace::new(ENDS_EVERY) }
    }
}

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
    if !standing.room.is_chat_enabled {
        return Err(RoomRefusal::ChatDisabled.into());
    }
    if standing.room.is_closed_to(user) {
        return Ok(());
    }
    let TypingPace { begins, ends } = &app.typing_pace;
    let pace = if is_typing { begins } else { ends };
    if !pace.allows(&(user, standing.room.code.folded()), app.ports.clock.now()) {
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
