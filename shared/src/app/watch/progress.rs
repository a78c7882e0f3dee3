//! How far somebody has watched an item, kept for the next time that they watch it.

use std::time::Duration;

use crate::app::limits::limit_progress;
use crate::app::rooms::standing;
use crate::app::{App, AppError};
use crate::domain::chat::Moment;
use crate::domain::watch::{Progress, WatchItem};
use crate::ids::{RoomCode, UserId};
use crate::protocol::{PlayerEvent, Timestamp};
use crate::store::{Playbacks, ProgressNote, ProgressNotes, Watchable};

/// Of what a player tells again and again, so much is written down: one note of an item in so long.
pub(in crate::app) const PROGRESS_EVERY: Duration = Duration::from_secs(10);
/// Whose player doesn't name its item, of them it is looked up as often as that at most.
pub(in crate::app) const LOOK_EVERY: Duration = Duration::from_millis(900);

/// Notes what a player tells of what the room watches: of each item and person once in ten seconds, by the condition of the write;
/// each kind of turn besides, however lately something else was noted, as often.
/// The paces of this process are there so that what would be refused is seldom tried.
pub(super) async fn note_event(
    app: &App,
    user: UserId,
    code: &RoomCode,
    event: &PlayerEvent,
) -> Result<(), AppError> {
    let now = app.ports.clock.now();
    let turn = Progress::turn(event);
    let (pace, watched) =
        (&app.progress_pace, |item: &str| (user, [item, turn.unwrap_or_default()].concat()));
    let is_due = match &event.item {
        Some(named) => pace.allows(&watched(named), now),
        None => app.look_pace.allows(&(user, [&code.folded(), turn.unwrap_or_default()].join("#")), now),
    };
    if !is_due {
        return Ok(());
    }
    let stored = Playbacks(&*app.ports.table).get(code, now).await?;
    let Some(item) = stored.state.item else { return Ok(()) };
    // Players that name another item speak of the past.
    let is_due = match &event.item {
        Some(named) => *named == item.id,
        None => pace.allows(&watched(&item.id), now),
    };
    if !is_due {
        return Ok(());
    }
    let Some(progress) = Progress::of_event(event, item.duration) else { return Ok(()) };
    let note = ProgressNote::new(watchable(&item), progress, item.title, code.clone(), now);
    let since =
        Timestamp::from_micros(now.as_micros() - i64::try_from(PROGRESS_EVERY.as_micros()).unwrap_or(0));
    Ok(ProgressNotes(&*app.ports.table).save(user, &note, turn.is_none().then_some(since)).await?)
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
    limit_progress(app, user).await?;
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
pub(in crate::app) async fn moment(app: &App, code: &RoomCode) -> Result<Option<Moment>, AppError> {
    let now = app.ports.clock.now();
    let state = Playbacks(&*app.ports.table).get(code, now).await?.state;
    Ok(state.item.as_ref().map(|item| Moment { time: state.position_at(now), item: item.id.clone() }))
}
