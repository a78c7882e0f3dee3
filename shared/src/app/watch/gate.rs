//! The ready gate: playback begins when everybody who is there is ready, or after a time that nobody can prolong.

use std::collections::BTreeSet;
use std::time::Duration;

use super::control::TRIES;
use super::tell::tell_state;
use crate::app::rooms::tell::{Actor, announce_to_room, here};
use crate::app::{App, AppError};
use crate::domain::watch::{Playback, lead};
use crate::ids::{RoomCode, UserId};
use crate::ports::{Endpoint, Group, Job, Write};
use crate::protocol::{Event, NamedPerson, PlaybackCause, Timestamp, WaitingFor};
use crate::store::{Gates, Members, Playbacks, Room, Rooms, StoredPlayback};

/// How long everybody is waited for at most.
pub(super) const MAX_WAIT: Duration = Duration::from_secs(8);
/// For how many viewers it is waited at most: those with the smallest numbers.
const VIEWERS: usize = 200;
/// For how many it is told each time that one of them is ready.
const FEW: usize = 10;

/// A state that waits, and what goes with it into the table.
pub(super) struct Gate {
    viewers: Vec<UserId>,
    until: Timestamp,
    version: u64,
}

/// Lets a changed state wait where the room wants that and anybody is there; answers the state, and the gate if it waits.
pub(super) async fn close_gate(
    app: &App,
    room: &Room,
    state: Playback,
    now: Timestamp,
) -> Result<(Playback, Option<Gate>), AppError> {
    let until = now.plus(MAX_WAIT);
    let version = state.version;
    let gated = state.clone().gated(until);
    if !room.ready_gate || gated.waits_until.is_none() {
        return Ok((state, None));
    }
    let viewers = viewers(app, room).await?;
    if viewers.is_empty() {
        return Ok((state, None));
    }
    Ok((gated, Some(Gate { viewers, until, version })))
}

/// Who watches in a room.
async fn viewers(app: &App, room: &Room) -> Result<Vec<UserId>, AppError> {
    let sockets = app.ports.groups.sockets(&Group::Room(room.code.clone()), None).await?;
    let watching = sockets.iter().filter(|socket| matches!(socket.endpoint, Endpoint::Watch(_)));
    let viewers: BTreeSet<UserId> = watching.filter_map(|socket| socket.user()).collect();
    Ok(viewers.into_iter().take(VIEWERS).collect())
}

impl Gate {
    /// The writes that go with the state, and the job that opens the gate in any case, which comes first.
    pub(super) async fn prepared(&self, app: &App, room: &Room) -> Result<Write, AppError> {
        let open = Job::OpenGate { room: room.code.clone(), version: self.version };
        app.ports.jobs.enqueue(vec![(open, MAX_WAIT)]).await?;
        Ok(Gates::closing(&room.code, self.version, self.viewers.clone())?)
    }
}

/// Tells for whom a state waits, if it does.
pub(super) async fn tell_gate(app: &App, room: &Room, gate: Option<Gate>) -> Result<(), AppError> {
    match gate {
        Some(Gate { viewers, until, version }) => tell_awaited(app, room, version, viewers, until).await,
        None => Ok(()),
    }
}

async fn tell_awaited(
    app: &App,
    room: &Room,
    version: u64,
    viewers: Vec<UserId>,
    until: Timestamp,
) -> Result<(), AppError> {
    let members = Members(&*app.ports.table).of(&room.code, &viewers).await?;
    let mut users: Vec<NamedPerson> =
        members.into_iter().map(|member| NamedPerson { id: member.user, name: member.name }).collect();
    users.sort_by_key(|user| user.id);
    let event = WaitingFor::fitting(here(room), version, users, until);
    announce_to_room(app, room, &Event::WaitingFor(event), &Actor::default()).await;
    Ok(())
}

/// Somebody is ready for a state. With the last of them it plays.
pub(in crate::app) async fn ready(
    app: &App,
    user: UserId,
    code: &RoomCode,
    version: u64,
) -> Result<(), AppError> {
    let Some(awaited) = Gates(&*app.ports.table).ready(code, version, user).await? else { return Ok(()) };
    if awaited.is_empty() {
        return open_gate(app, code, version).await;
    }
    if awaited.len() > FEW {
        return Ok(());
    }
    let table = &*app.ports.table;
    let until = Playbacks(table).get(code, app.ports.clock.now()).await?.state;
    let until = until.waits_until.filter(|_| until.version == version);
    let (Some(until), Some(room)) = (until, Rooms(table).get(code).await?) else { return Ok(()) };
    tell_awaited(app, &room, version, awaited, until).await
}

/// Lets play what waits, if it is still the state of that version. A second time there is nothing to open.
pub(in crate::app) async fn open_gate(app: &App, code: &RoomCode, version: u64) -> Result<(), AppError> {
    let _turn = app.ports.turns.take(code).await;
    let playbacks = Playbacks(&*app.ports.table);
    for _ in 0..TRIES {
        let Some(room) = Rooms(&*app.ports.table).get(code).await?.filter(Room::is_active) else {
            return Ok(());
        };
        let now = app.ports.clock.now();
        let before = playbacks.get(code, now).await?;
        let ahead = lead(before.slowest.as_ref(), now);
        let opened = before.state.opened(now, ahead).filter(|_| before.state.version == version);
        let Some(state) = opened else { return Ok(()) };
        let after = StoredPlayback { state: state.clone(), ..before };
        if playbacks.replace(code, version, &after, Vec::new()).await? {
            return tell_state(app, &room, state, now, PlaybackCause::Gate).await;
        }
    }
    Err(AppError::Busy)
}
