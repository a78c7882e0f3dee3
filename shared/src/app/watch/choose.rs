//! Chooses what is watched.

use super::audience::{hidden_from, shown_to};
use super::control::{Commander, Control, TRIES};
use super::providers::look_up_later;
use super::shown::new_item;
use super::tell::tell_media;
use crate::app::{App, AppError};
use crate::domain::watch::Source;
use crate::ids::RoomCode;
use crate::protocol::MediaChoice;

/// What was chosen, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// The room.
    pub room: RoomCode,
    /// What is watched there now.
    pub source: Source,
}

/// Chooses what is watched, for host and co-hosts: from its beginning, paused. None if the same
/// socket has sent a later command, which came first.
pub async fn set_media(
    app: &App,
    by: &Commander,
    code: &RoomCode,
    choice: &MediaChoice,
) -> Result<Option<Chosen>, AppError> {
    let _turn = app.ports.turns.take(code).await;
    for _ in 0..TRIES {
        let Some(control) = Control::take(app, by, code).await? else { return Ok(None) };
        let item = new_item(app, by.user, choice).await?;
        let source = item.source.clone();
        let before = &control.before.state;
        let room = &control.room().code;
        let mut with = shown_to(app, room, &item).await?;
        with.extend(hidden_from(room, before.item.as_ref()));
        let after = before.with_item(item, false, control.now, control.lead());
        // It is paused: there is nothing to wait for.
        if let Some(saved) = control.save(app, after, with).await? {
            if let Some(item) = &saved.state.item {
                look_up_later(app, room, item).await;
            }
            tell_media(app, control.room(), before.item.as_ref(), saved.state, control.now).await?;
            return Ok(Some(Chosen { room: control.room().code.clone(), source }));
        }
    }
    Err(AppError::Busy)
}
