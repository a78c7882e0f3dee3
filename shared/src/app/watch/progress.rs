//! How far somebody has watched something: kept for when they watch it again.

use std::time::Duration;

use crate::app::rooms::standing;
use crate::app::{App, AppError};
use crate::domain::watch::{Progress, WatchItem};
use crate::ids::{RoomCode, UserId};
use crate::protocol::{PlayerEvent, Timestamp};
use crate::store::{Playbacks, ProgressNote, ProgressNotes, Watchable};

/// Of what a player tells again and again, so much is written down: one note in so long.
pub(in crate::app) const PROGRESS_EVERY: Duration = Duration::from_secs(10);

/// Notes what a player tells of what the room watches.
pub(super) async fn note_event(
    app: &App,
    user: UserId,
    code: &RoomCode,
    event: &PlayerEvent,
) -> Result<(), AppError> {
    let now = app.ports.clock.now();
    if !app.progress_pace.allows(&user, now) {
        return Ok(());
    }
    let stored = Playbacks(&*app.ports.table).get(code, now).await?;
    let Some(item) = stored.state.item else { return Ok(()) };
    // Players that name another item speak of the past.
    if event.item.as_ref().is_some_and(|named| *named != item.id) {
        return Ok(());
    }
    let Some(progress) = Progress::of_event(event, item.duration) else { return Ok(()) };
    let note = ProgressNote::new(watchable(&item), progress, item.title, code.clone(), now);
    let since =
        Timestamp::from_micros(now.as_micros() - i64::try_from(PROGRESS_EVERY.as_micros()).unwrap_or(0));
    Ok(ProgressNotes(&*app.ports.table).save(user, &note, Some(since)).await?)
}

fn watchable(item: &WatchItem) -> Watchable {
    Watchable {
        media_id: item.source.video_id.clone(),
        media_type: item.source.provider.clone(),
        season: None,
        episode: None,
    }
}

/// Saves how far a member of a room is with something.
pub async fn save_progress(
    app: &App,
    user: UserId,
    code: &RoomCode,
    what: Watchable,
    progress: Progress,
) -> Result<ProgressNote, AppError> {
    let standing = standing(app, user, code).await?;
    standing.insist_on_member()?;
    let now = app.ports.clock.now();
    let room = standing.room.code;
    let note = ProgressNote::new(what, progress, None, room.clone(), now);
    let notes = ProgressNotes(&*app.ports.table);
    notes.save(user, &note, None).await?;
    // What the room watches goes by its own name, too: it is resumed by that.
    let item = Playbacks(&*app.ports.table).get(&room, now).await?.state.item;
    if let Some(item) = item.filter(|item| item.source.video_id == note.what.media_id) {
        let same = ProgressNote::new(watchable(&item), progress, item.title, room, now);
        notes.save(user, &same, None).await?;
    }
    Ok(note)
}

/// How far a member of a room is with something: at its beginning, if nothing is known.
pub async fn progress(
    app: &App,
    user: UserId,
    code: &RoomCode,
    what: Watchable,
) -> Result<ProgressNote, AppError> {
    let standing = standing(app, user, code).await?;
    standing.insist_on_member()?;
    let (now, room) = (app.ports.clock.now(), standing.room.code);
    let notes = ProgressNotes(&*app.ports.table);
    let known = match notes.get(user, &what).await? {
        Some(note) => Some(note),
        None => {
            let item = Playbacks(&*app.ports.table).get(&room, now).await?.state.item;
            match item.filter(|item| item.source.video_id == what.media_id) {
                Some(item) => notes.get(user, &watchable(&item)).await?,
                None => None,
            }
        }
    };
    let progress = known.map(|note| note.progress).unwrap_or_default();
    Ok(ProgressNote::new(what, progress, None, room, now))
}

/// How far a member is with what their room watches.
pub async fn resume_point(app: &App, user: UserId, code: &RoomCode) -> Result<Progress, AppError> {
    let standing = standing(app, user, code).await?;
    standing.insist_on_member()?;
    let table = &*app.ports.table;
    let item = Playbacks(table).get(&standing.room.code, app.ports.clock.now()).await?.state.item;
    let Some(item) = item else { return Ok(Progress::default()) };
    let note = ProgressNotes(table).get(user, &watchable(&item)).await?;
    Ok(note.map(|note| note.progress).unwrap_or_default())
}

/// A page of all that somebody has watched, and where the next one begins.
pub async fn all_progress(
    app: &App,
    user: UserId,
    after: Option<&str>,
    limit: usize,
) -> Result<(Vec<ProgressNote>, Option<String>), AppError> {
    Ok(ProgressNotes(&*app.ports.table).page(user, after, limit).await?)
}

/// Where in what is watched a message is said now; none if nothing is chosen.
pub(in crate::app) async fn moment(app: &App, code: &RoomCode) -> Result<Option<(f64, String)>, AppError> {
    let now = app.ports.clock.now();
    let state = Playbacks(&*app.ports.table).get(code, now).await?.state;
    Ok(state.item.as_ref().map(|item| (state.position_at(now), item.id.clone())))
}
