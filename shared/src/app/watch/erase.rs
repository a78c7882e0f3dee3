//! Takes out of a room what somebody who is gone has chosen to be watched.

use super::audience::hidden_from;
use super::control::TRIES;
use super::providers::look_up_later;
use super::tell::{tell_item, tell_queue};
use crate::app::{App, AppError};
use crate::domain::watch::WatchItem;
use crate::ids::{RoomCode, UserId};
use crate::store::{Playbacks, Queue, Queues, Room, Rooms};

/// How many items are taken out at once: each takes two writes of a transaction.
const STEP: usize = 40;

/// Takes out of a room's queue what somebody has put there, and forgets what they called what is being watched, which others
/// go on watching.
pub(in crate::app) async fn erase_choices(app: &App, user: UserId, code: &RoomCode) -> Result<(), AppError> {
    let Some(room) = Rooms(&*app.ports.table).get(code).await? else { return Ok(()) };
    let _turn = app.ports.turns.take(code).await;
    let mut tries = 0;
    while let Some(theirs) = queued_by(app, user, code).await? {
        tries = if take_out(app, &room, theirs).await? { 0 } else { tries + 1 };
        if tries >= TRIES {
            return Err(AppError::Busy);
        }
    }
    forget_title(app, &room, user).await
}

/// The queue with some of what somebody has put there; none, if nothing of it is theirs.
async fn queued_by(
    app: &App,
    user: UserId,
    code: &RoomCode,
) -> Result<Option<(Queue, Vec<WatchItem>)>, AppError> {
    let queues = Queues(&*app.ports.table);
    let queue = queues.get(code).await?;
    let items = queues.items(code, queue.order.ids()).await?;
    let theirs: Vec<WatchItem> = items.into_iter().filter(|item| item.added_by == user).take(STEP).collect();
    Ok((!theirs.is_empty()).then_some((queue, theirs)))
}

/// Takes items out; tells whether the queue was as it had been read.
async fn take_out(app: &App, room: &Room, (queue, items): (Queue, Vec<WatchItem>)) -> Result<bool, AppError> {
    let (mut order, mut writes) = (queue.order.clone(), Vec::new());
    for item in &items {
        order = order.without(&item.id).map_err(|_| AppError::Busy)?;
        writes.push(Queues::removal(&room.code, &item.id));
        writes.extend(hidden_from(&room.code, Some(item)));
    }
    let after = queue.changed(order, None);
    writes.push(Queues::replacement(&room.code, &queue, &after)?);
    if !Queues(&*app.ports.table).change(writes).await? {
        return Ok(false);
    }
    tell_queue(app, room, &after).await?;
    Ok(true)
}

async fn forget_title(app: &App, room: &Room, user: UserId) -> Result<(), AppError> {
    let playbacks = Playbacks(&*app.ports.table);
    for _ in 0..TRIES {
        let state = playbacks.get(&room.code, app.ports.clock.now()).await?.state;
        let titled = state.item.filter(|item| item.added_by == user && item.title.is_some());
        let Some(item) = titled else { return Ok(()) };
        let untitled = WatchItem { title: None, ..item };
        if playbacks.note_figures(&room.code, state.version, &untitled).await? {
            look_up_later(app, &room.code, &untitled).await;
            return tell_item(app, room, Some(untitled)).await;
        }
    }
    Err(AppError::Busy)
}
