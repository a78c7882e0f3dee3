//! Where playing stands in a room: told, and changed.

use crate::app::rooms::shown::place;
use crate::app::rooms::standing;
use crate::app::rooms::tell::{Actor, here, tell_room};
use crate::app::{App, AppError};
use crate::domain::rooms::Act;
use crate::domain::watch::{Playback, PlaybackCommand};
use crate::ids::{RoomCode, UserId};
use crate::ports::{Broadcast, Source};
use crate::protocol::{Event, PlaybackCause, PlaybackState, Timestamp};
use crate::store::{Playbacks, Room, Rooms};

/// How often a command is tried anew because another one came in between.
const TRIES: u32 = 8;

/// Changes where playing stands, for host and co-hosts, and tells everybody: exactly the position that was asked for.
pub(in crate::app) async fn command(
    app: &App,
    user: UserId,
    code: &RoomCode,
    command: PlaybackCommand,
) -> Result<(), AppError> {
    let _turn = app.ports.turns.take(code).await;
    for _ in 0..TRIES {
        let standing = standing(app, user, code).await?;
        standing.insist_on_member()?;
        standing.insist_on(Act::Playback)?;
        let playbacks = Playbacks(&*app.ports.table);
        let now = app.ports.clock.now();
        let before = playbacks.get(code, now).await?;
        let impossible = AppError::InvalidInput { field: "time", why: "Seconds, not negative." };
        let after = before.apply(command, now).ok_or(impossible)?;
        if playbacks.replace(code, before.version, &after).await? {
            return publish(app, &standing.room, after, now).await;
        }
    }
    Err(AppError::Busy)
}

/// Tells a state, and once more if it has moved on meanwhile: whoever is told late is told last.
async fn publish(app: &App, room: &Room, state: Playback, now: Timestamp) -> Result<(), AppError> {
    let mut told = state;
    loop {
        let event = Event::Playback(body(room, &told, now, PlaybackCause::Command));
        let source = Source::Playback { room: room.code.clone(), version: told.version };
        tell_room(app, room, &event, &Actor::default(), source).await?;
        let newest = Playbacks(&*app.ports.table).get(&room.code, now).await?;
        if newest.version <= told.version {
            return Ok(());
        }
        told = newest;
    }
}

fn body(room: &Room, state: &Playback, now: Timestamp, cause: PlaybackCause) -> PlaybackState {
    PlaybackState {
        is_playing: state.is_playing,
        time: state.position_at(now),
        version: state.version,
        server_time: now,
        starts_at: None,
        rate: state.rate,
        item: None,
        waiting: false,
        cause,
        place: here(room),
    }
}

/// Where playing stands now.
pub(in crate::app) async fn state_event(
    app: &App,
    room: &Room,
    cause: PlaybackCause,
) -> Result<PlaybackState, AppError> {
    let now = app.ports.clock.now();
    let state = Playbacks(&*app.ports.table).get(&room.code, now).await?;
    Ok(PlaybackState { place: place(room, None), ..body(room, &state, now, cause) })
}

/// A queued state as it is to be told now; none if it was superseded.
pub(in crate::app) async fn stored_state(
    app: &App,
    code: &RoomCode,
    version: u64,
) -> Result<Option<Broadcast>, AppError> {
    let Some(room) = Rooms(&*app.ports.table).get(code).await? else { return Ok(None) };
    let state = state_event(app, &room, PlaybackCause::Command).await?;
    Ok((state.version == version).then(|| Broadcast::new(Event::Playback(state).frames())))
}
