//! Tells a room what is played.

use super::shown::shown;
use crate::app::rooms::shown::place;
use crate::app::rooms::tell::{Actor, announce_to_room, here, tell_room};
use crate::app::{App, AppError};
use crate::domain::watch::{Playback, WatchItem};
use crate::ids::RoomCode;
use crate::ports::{Broadcast, Source};
use crate::protocol::{
    Event, MAX_QUEUE_TOLD, MediaChanged, PlaybackCause, PlaybackState, QueueUpdated, RoomChanges,
    RoomUpdated, Timestamp,
};
use crate::store::{Playbacks, Queue, Queues, Room, Rooms};

/// Tells a state, and once more if it has moved on meanwhile: whoever is told late is told last.
pub(super) async fn tell_state(
    app: &App,
    room: &Room,
    state: Playback,
    now: Timestamp,
    cause: PlaybackCause,
) -> Result<(), AppError> {
    let (mut told, mut now) = (state, now);
    loop {
        let event = Event::Playback(body(room, &told, now, cause));
        let source = Source::Playback { room: room.code.clone(), version: told.version };
        tell_room(app, room, &event, &Actor::default(), source).await?;
        now = app.ports.clock.now();
        let newest = Playbacks(&*app.ports.table).get(&room.code, now).await?.state;
        if newest.version <= told.version {
            return Ok(());
        }
        told = newest;
    }
}

fn body(room: &Room, state: &Playback, now: Timestamp, cause: PlaybackCause) -> PlaybackState {
    PlaybackState {
        // Who does not know of waiting waits, too.
        is_playing: state.is_playing && state.waits_until.is_none(),
        time: state.position_at(now),
        version: state.version,
        server_time: now,
        starts_at: state.starts_at(now),
        rate: state.rate,
        item: state.item.as_ref().map(|item| item.id.clone()),
        waiting: state.waits_until.is_some(),
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
    let state = Playbacks(&*app.ports.table).get(&room.code, now).await?.state;
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

/// Tells that something else is watched, and where that stands.
pub(super) async fn tell_media(
    app: &App,
    room: &Room,
    before: Option<&WatchItem>,
    state: Playback,
    now: Timestamp,
) -> Result<(), AppError> {
    let source = state.item.as_ref().map(|item| item.source.clone());
    tell_item(app, room, state.item.clone()).await?;
    tell_state(app, room, state, now, PlaybackCause::Media).await?;
    if before.map(|item| &item.source) != source.as_ref() {
        let (video_provider, video_id) = source.map(|source| (source.provider, source.video_id)).unzip();
        let changes = RoomChanges {
            video_provider: Some(video_provider),
            video_id: Some(video_id),
            ..RoomChanges::default()
        };
        let updated = Event::RoomUpdated(RoomUpdated { changes, place: here(room) });
        announce_to_room(app, room, &updated, &Actor::default()).await;
    }
    Ok(())
}

/// Tells what is watched; of an item that was told before, what is known of it by now.
pub(super) async fn tell_item(app: &App, room: &Room, item: Option<WatchItem>) -> Result<(), AppError> {
    let item = shown(app, room, item.into_iter().collect()).await?.pop();
    let changed = Event::MediaChanged(MediaChanged { item, place: here(room) });
    announce_to_room(app, room, &changed, &Actor::default()).await;
    Ok(())
}

/// Tells what is watched next.
pub(super) async fn tell_queue(app: &App, room: &Room, queue: &Queue) -> Result<(), AppError> {
    let ids = queue.order.ids();
    let told = &ids[..ids.len().min(MAX_QUEUE_TOLD + 1)];
    let items = Queues(&*app.ports.table).items(&room.code, told).await?;
    let event = QueueUpdated::fitting(here(room), shown(app, room, items).await?);
    announce_to_room(app, room, &Event::QueueUpdated(event), &Actor::default()).await;
    Ok(())
}
