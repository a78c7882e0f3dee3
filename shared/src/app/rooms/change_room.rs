//! Changes a room's settings, and closes rooms.

use super::create_room::entry_password;
use super::{MadeRoom, arrivals, note, standing};
use crate::app::{App, AppError, chat};
use crate::domain::rooms::{Act, EntryMode, SettingsChange, room_name};
use crate::ids::{RoomCode, UserId};
use crate::store::{Changed, Room, RoomDeed, RoomState, Rooms};

/// How often it is tried anew because something changed meanwhile.
const TRIES: u32 = 8;

/// Changes what a host asked for: all of it or nothing.
pub async fn change_room(
    app: &App,
    actor: UserId,
    code: &RoomCode,
    change: &SettingsChange,
) -> Result<MadeRoom, AppError> {
    change.check().map_err(|(field, why)| AppError::InvalidInput { field, why })?;
    for _ in 0..TRIES {
        let standing = standing(app, actor, code).await?;
        standing.insist_on(Act::ChangeSettings)?;
        let (after, generated_password) = changed(app, &standing.room, change).await?;
        if after == standing.room {
            return Ok(MadeRoom { room: after, generated_password: None });
        }
        if let Changed::Yes(room) = Rooms(&*app.ports.table).replace(&standing.room, after).await? {
            arrivals::tell_room_updated(app, &standing.room, &room).await?;
            if room.retention != standing.room.retention {
                chat::trim_later(app, &room).await;
            }
            note(app, code, RoomDeed::Changed, Some(actor), None, &named(change)).await?;
            return Ok(MadeRoom { room: *room, generated_password });
        }
    }
    Err(AppError::Busy)
}

async fn changed(
    app: &App,
    before: &Room,
    change: &SettingsChange,
) -> Result<(Room, Option<String>), AppError> {
    let mut after = before.clone();
    let mut generated = None;
    if let Some(name) = &change.name {
        let name = room_name(name).map_err(|why| AppError::InvalidInput { field: "name", why })?;
        after.name = if name.is_empty() { before.name.clone() } else { name };
    }
    if let Some(description) = &change.description {
        after.description.clone_from(description);
    }
    after.is_private = change.is_private.unwrap_or(before.is_private);
    after.entry_mode = change.entry_mode.unwrap_or(before.entry_mode);
    let is_new = before.entry_mode != EntryMode::Password || change.password.is_some();
    if after.entry_mode != EntryMode::Password || is_new {
        (after.password, generated) =
            entry_password(app, after.entry_mode, change.password.as_deref()).await?;
    }
    after.is_chat_enabled = change.is_chat_enabled.unwrap_or(before.is_chat_enabled);
    after.is_locked = change.is_locked.unwrap_or(before.is_locked);
    after.capacity = change.capacity.unwrap_or(before.capacity);
    after.slow_mode_seconds = change.slow_mode_seconds.unwrap_or(before.slow_mode_seconds);
    after.retention = change.retention.unwrap_or(before.retention);
    after.who_may_queue = change.who_may_queue.unwrap_or(before.who_may_queue);
    after.ready_gate = change.ready_gate.unwrap_or(before.ready_gate);
    after.loop_queue = change.loop_queue.unwrap_or(before.loop_queue);
    after.webhooks = change.webhooks.unwrap_or(before.webhooks);
    Ok((after, generated))
}

/// The names of the fields that were sent, for the trail.
fn named(change: &SettingsChange) -> String {
    let fields = [
        ("name", change.name.is_some()),
        ("description", change.description.is_some()),
        ("is_private", change.is_private.is_some()),
        ("entry_mode", change.entry_mode.is_some()),
        ("password", change.password.is_some()),
        ("is_chat_enabled", change.is_chat_enabled.is_some()),
        ("is_locked", change.is_locked.is_some()),
        ("capacity", change.capacity.is_some()),
        ("slow_mode_seconds", change.slow_mode_seconds.is_some()),
        ("retention", change.retention.is_some()),
        ("who_may_queue", change.who_may_queue.is_some()),
        ("ready_gate", change.ready_gate.is_some()),
        ("loop_queue", change.loop_queue.is_some()),
        ("webhooks", change.webhooks.is_some()),
    ];
    fields.into_iter().filter(|(_, is_sent)| *is_sent).map(|(field, _)| field).collect::<Vec<_>>().join(" ")
}

/// Closes a room for good: everybody in it is told, then their sockets are closed. Its code stays taken.
pub async fn close_room(app: &App, actor: UserId, code: &RoomCode) -> Result<(), AppError> {
    for _ in 0..TRIES {
        let standing = standing(app, actor, code).await?;
        standing.insist_on(Act::Close)?;
        let after = Room { state: RoomState::Closed, ..standing.room.clone() };
        if let Changed::Yes(room) = Rooms(&*app.ports.table).replace(&standing.room, after).await? {
            note(app, code, RoomDeed::Closed, Some(actor), None, "").await?;
            return arrivals::close_all(app, &room).await;
        }
    }
    Err(AppError::Busy)
}
