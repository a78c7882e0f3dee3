//! Lets a room download what is watched in it or waits in its queue, if whoever chose it has uploaded it.

use crate::app::{App, AppError};
use crate::domain::watch::WatchItem;
use crate::ids::RoomCode;
use crate::ports::Write;
use crate::store::Media;

/// The writes that let a room get what an item names. What somebody else has uploaded is not theirs to show.
pub(super) async fn shown_to(app: &App, room: &RoomCode, item: &WatchItem) -> Result<Vec<Write>, AppError> {
    let Some(id) = item.source.media_id() else { return Ok(Vec::new()) };
    let medium = Media(&*app.ports.table).get(id).await?;
    let is_theirs = medium.is_some_and(|medium| medium.owner == item.added_by);
    Ok(is_theirs.then(|| Media::watched(id, room, &item.id)).into_iter().collect())
}

/// The writes that end that.
pub(super) fn hidden_from(room: &RoomCode, item: Option<&WatchItem>) -> Vec<Write> {
    let hidden = item.and_then(|item| Some(Media::watched_no_more(item.source.media_id()?, room, &item.id)));
    hidden.into_iter().collect()
}
