//! What was chosen or queued is looked up by a job, so that no command waits for anybody's server.

use std::time::Duration;

use super::provider_of;
use crate::app::watch::control::TRIES;
use crate::app::watch::tell::{tell_item, tell_queue};
use crate::app::{App, AppError};
use crate::domain::watch::WatchItem;
use crate::ids::RoomCode;
use crate::ports::Job;
use crate::store::{Playbacks, Queues, Room, Rooms};

/// When it is looked again: a command in the same instant may have put back what it had read before.
const AGAIN: Duration = Duration::from_secs(3);

/// Has an item looked up that lacks something, if there is anybody to ask.
pub(in crate::app::watch) async fn look_up_later(app: &App, room: &RoomCode, item: &WatchItem) {
    if !item.lacks_figures() || provider_of(&item.source).is_none() {
        return;
    }
    let job = Job::LookUpItem { room: room.clone(), item: item.id.clone(), is_last: false };
    if let Err(error) = app.ports.jobs.enqueue(vec![(job, Duration::ZERO)]).await {
        tracing::warn!(%room, %error, "what is to be watched is not looked up");
    }
}

/// Looks an item up, and tells the room what is known of it then. The job.
pub(in crate::app) async fn look_up(
    app: &App,
    code: &RoomCode,
    id: &str,
    is_last: bool,
) -> Result<(), AppError> {
    let Some(item) = found(app, code, id).await?.filter(WatchItem::lacks_figures) else { return Ok(()) };
    let Some(provider) = provider_of(&item.source) else { return Ok(()) };
    let known = item.clone().knowing(provider.figures(app, &item.source).await?);
    let Some(room) = Rooms(&*app.ports.table).get(code).await?.filter(Room::is_active) else { return Ok(()) };
    if known == item || !note(app, &room, &known).await? || is_last {
        return Ok(());
    }
    let job = Job::LookUpItem { room: code.clone(), item: id.to_owned(), is_last: true };
    Ok(app.ports.jobs.enqueue(vec![(job, AGAIN)]).await?)
}

/// An item of a room: the present one, or one of the queue.
async fn found(app: &App, code: &RoomCode, id: &str) -> Result<Option<WatchItem>, AppError> {
    let table = &*app.ports.table;
    let current = Playbacks(table).get(code, app.ports.clock.now()).await?.state.item;
    match current.filter(|item| item.id == id) {
        Some(item) => Ok(Some(item)),
        None => Ok(Queues(table).items(code, &[id.to_owned()]).await?.pop()),
    }
}

/// Writes down what is known of an item wherever it is by now, and tells it; tells whether it is anywhere.
async fn note(app: &App, room: &Room, known: &WatchItem) -> Result<bool, AppError> {
    let (code, table) = (&room.code, &*app.ports.table);
    let _turn = app.ports.turns.take(code).await;
    for _ in 0..TRIES {
        let state = Playbacks(table).get(code, app.ports.clock.now()).await?.state;
        if state.item.as_ref().is_none_or(|item| item.id != known.id) {
            let is_queued = Queues(table).note_figures(code, known).await?;
            if is_queued {
                tell_queue(app, room, &Queues(table).get(code).await?).await?;
            }
            return Ok(is_queued);
        }
        if Playbacks(table).note_figures(code, state.version, known).await? {
            tell_item(app, room, Some(known.clone())).await?;
            return Ok(true);
        }
    }
    Err(AppError::Busy)
}
