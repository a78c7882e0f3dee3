//! Goes on to the next item of the queue. In rooms that loop, the item that has ended goes to the queue's end.

use super::audience::{hidden_from, shown_to};
use super::control::{Commander, Control, Saved, TRIES};
use super::gate::tell_gate;
use super::shown::new_id;
use super::tell::{tell_media, tell_queue};
use crate::app::{App, AppError};
use crate::domain::watch::{Playback, WatchItem};
use crate::ids::RoomCode;
use crate::ports::Write;
use crate::protocol::Timestamp;
use crate::store::{Queue, Queues, Room};

/// Begins what is next, for host and co-hosts: from its beginning, playing.
pub async fn next_in_queue(app: &App, by: &Commander, code: &RoomCode) -> Result<(), AppError> {
    match go_on(app, by, code, |_, _| true).await? {
        Gone::On | Gone::NotNow => Ok(()),
        Gone::NowhereToGo => Err(AppError::Conflict("The queue is empty.")),
    }
}

/// Whether the next item has begun.
pub(super) enum Gone {
    /// It has.
    On,
    /// It was not the time for it.
    NotNow,
    /// There is none.
    NowhereToGo,
}

/// Begins what is next if it is time for that in the state that is left by it: however many ask for it, it is done once.
pub(super) async fn go_on(
    app: &App,
    by: &Commander,
    code: &RoomCode,
    is_time: impl Fn(&Playback, Timestamp) -> bool + Send + Sync,
) -> Result<Gone, AppError> {
    let _turn = app.ports.turns.take(code).await;
    for _ in 0..TRIES {
        let Some(control) = Control::take(app, by, code).await? else { return Ok(Gone::NotNow) };
        let before = &control.before.state;
        if !is_time(before, control.now) {
            return Ok(Gone::NotNow);
        }
        let room = control.room();
        let queue = Queues(&*app.ports.table).get(&room.code).await?;
        let again = again(app, room, before.item.as_ref());
        let Some((id, order)) = queue.order.next(again.as_ref().map(|item| item.id.as_str())) else {
            return Ok(Gone::NowhereToGo);
        };
        let Some(item) = taken(app, room, &id, again.as_ref()).await? else { continue };
        let rest = queue.changed(order, None);
        let mut writes = turned(room, &queue, &rest, &id, again.as_ref())?;
        writes.extend(audience(app, room, before.item.as_ref(), again.as_ref()).await?);
        let after = before.with_item(item, true, control.now, control.lead());
        if let Some(Saved { state, gate }) = control.save(app, after, writes).await? {
            tell_media(app, room, before.item.as_ref(), state, control.now).await?;
            tell_queue(app, room, &rest).await?;
            tell_gate(app, room, gate).await?;
            return Ok(Gone::On);
        }
    }
    Err(AppError::Busy)
}

/// What is watched now, as it comes again. It has another id then: the end of what was watched before is told by the old one,
/// by as many players as there are, and must not end it a second time.
fn again(app: &App, room: &Room, item: Option<&WatchItem>) -> Option<WatchItem> {
    let item = item.filter(|_| room.loop_queue)?;
    Some(WatchItem { id: new_id(app), ..item.clone() })
}

/// The item of that id: of the queue, or the one that comes again at once since there is no other.
async fn taken(
    app: &App,
    room: &Room,
    id: &String,
    again: Option<&WatchItem>,
) -> Result<Option<WatchItem>, AppError> {
    if let Some(again) = again.filter(|again| again.id == *id) {
        return Ok(Some(again.clone()));
    }
    Ok(Queues(&*app.ports.table).items(&room.code, std::slice::from_ref(id)).await?.pop())
}

/// The writes that take one out of the queue, and put the one that comes again there.
fn turned(
    room: &Room,
    before: &Queue,
    after: &Queue,
    taken: &str,
    again: Option<&WatchItem>,
) -> Result<Vec<Write>, AppError> {
    let mut writes = vec![Queues::replacement(&room.code, before, after)?];
    match again {
        Some(again) if again.id == taken => {}
        _ => writes.push(Queues::removal(&room.code, taken)),
    }
    if let Some(again) = again.filter(|again| again.id != taken) {
        writes.push(Queues::addition(&room.code, again)?);
    }
    Ok(writes)
}

/// The writes after which the room may get what comes again, and no more what doesn't.
async fn audience(
    app: &App,
    room: &Room,
    before: Option<&WatchItem>,
    again: Option<&WatchItem>,
) -> Result<Vec<Write>, AppError> {
    let mut writes = hidden_from(&room.code, before);
    if let Some(again) = again {
        writes.extend(shown_to(app, &room.code, again).await?);
    }
    Ok(writes)
}
