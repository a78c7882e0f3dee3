//! The host is gone: told at once, borne for a while, and somebody else is host after that.
//!
//! An absence is a number in the room. The job that ends the grace bears it, and does nothing if it has changed since: so a host
//! who came back and left again is borne anew.

use std::time::Duration;

use super::pause::pause_without_host;
use crate::app::rooms::hosts::{LOOK_AGAIN, candidates, make_host};
use crate::app::rooms::tell::{Actor, announce_to_room, here};
use crate::app::{App, AppError};
use crate::ids::{RoomCode, UserId};
use crate::ports::{Connection, Endpoint, Group, Job, MAX_JOB_DELAY};
use crate::protocol::{Event, HostDisconnected, HostReconnected, Timestamp};
use crate::store::{Changed, Member, Members, Moved, Room, Rooms};

/// How often something is done until nothing is left to do.
const ROUNDS: u32 = 8;

/// A socket has closed: was it the host's?
pub(in crate::app) async fn socket_left(app: &App, connection: &Connection) -> Result<(), AppError> {
    let (Endpoint::Watch(code), Some(user)) = (&connection.endpoint, connection.user()) else {
        return Ok(());
    };
    let room = Rooms(&*app.ports.table).get(code).await?;
    if room.is_some_and(|room| room.is_active() && room.host == Some(user)) {
        let look = Job::LookForHost { room: code.clone() };
        app.ports.jobs.enqueue(vec![(look, Duration::ZERO)]).await?;
    }
    Ok(())
}

/// Somebody has come to a watch room. What can't be done now is done by a job: their greeting must not be repeated for it.
pub(in crate::app) async fn somebody_came(app: &App, room: &Room) {
    if room.host.is_none() {
        return;
    }
    let Err(error) = look_for_host(app, &room.code).await else { return };
    tracing::warn!(room = %room.code, %error, "whether the host is there is looked at later");
    let look = Job::LookForHost { room: room.code.clone() };
    if let Err(error) = app.ports.jobs.enqueue(vec![(look, LOOK_AGAIN)]).await {
        tracing::warn!(room = %room.code, %error, "nobody looks whether the host is there");
    }
}

/// Looks whether the host is there, and does what follows from it: an absence begins or ends, an owner who is back gets
/// their role again. Goes on until nothing is left to do, since people come and go meanwhile.
pub(in crate::app) async fn look_for_host(app: &App, code: &RoomCode) -> Result<(), AppError> {
    let _turn = app.ports.turns.take(code).await;
    for _ in 0..ROUNDS {
        let Some((room, host)) = hosted(app, code).await? else { return Ok(()) };
        if let Some(owner) = returned_owner(app, &room, host).await? {
            let after = Room { host: Some(owner.user), absence: None, stands_in: None, ..room.clone() };
            make_host(app, &room, after, &owner, None).await?;
            continue;
        }
        match (is_here(app, &room, host).await?, room.absence) {
            (true, None) | (false, Some(_)) => return Ok(()),
            (true, Some(_)) => end_absence(app, &room).await?,
            (false, None) => begin_absence(app, &room, host).await?,
        }
    }
    Err(AppError::Busy)
}

/// The grace of an absence is over: somebody who is there becomes host. Where nobody is, the room pauses, and waits for who
/// comes next.
pub(in crate::app) async fn end_grace(
    app: &App,
    code: &RoomCode,
    (missed, absence): (UserId, u64),
    until: Timestamp,
) -> Result<(), AppError> {
    let left = until.since(app.ports.clock.now());
    if !left.is_zero() {
        let job = Job::EndHostGrace { room: code.clone(), absence, host: missed, until };
        return Ok(app.ports.jobs.enqueue(vec![(job, left.min(MAX_JOB_DELAY))]).await?);
    }
    let _turn = app.ports.turns.take(code).await;
    for _ in 0..ROUNDS {
        let Some((room, host)) = hosted(app, code).await? else { return Ok(()) };
        let is_here = is_here(app, &room, host).await?;
        match room.absence {
            None if is_here || host != missed => return Ok(()),
            // Whoever came while it ended saw that somebody waits for the host already.
            None => match stand_in(app, &room, host).await? {
                Some(_) => begin_absence(app, &room, host).await?,
                None => return pause_without_host(app, &room).await,
            },
            Some(other) if other != absence && !planted!(AbsenceWithoutNumber) => return Ok(()),
            Some(_) if is_here => end_absence(app, &room).await?,
            Some(_) => match stand_in(app, &room, host).await? {
                Some(member) => hand_over(app, &room, &member).await?,
                None => {
                    let after = Room { absence: None, ..room.clone() };
                    Rooms(&*app.ports.table).replace(&room, after).await?;
                }
            },
        }
    }
    Err(AppError::Busy)
}

/// The room, if it is in use and has a host.
async fn hosted(app: &App, code: &RoomCode) -> Result<Option<(Room, UserId)>, AppError> {
    let room = Rooms(&*app.ports.table).get(code).await?.filter(Room::is_active);
    Ok(room.and_then(|room| room.host.map(|host| (room, host))))
}

/// Whether somebody watches in a room.
async fn is_here(app: &App, room: &Room, user: UserId) -> Result<bool, AppError> {
    let sockets = app.ports.groups.sockets(&Group::Room(room.code.clone()), Some(user)).await?;
    Ok(sockets.iter().any(|socket| matches!(socket.endpoint, Endpoint::Watch(_))))
}

/// The owner, if they are there while somebody else stands in for them.
async fn returned_owner(app: &App, room: &Room, host: UserId) -> Result<Option<Member>, AppError> {
    match room.owner.filter(|owner| *owner != host) {
        Some(owner) if is_here(app, room, owner).await? => {
            let row = Members(&*app.ports.table).get(&room.code, owner).await?;
            Ok(row.filter(Member::is_approved))
        }
        _ => Ok(None),
    }
}

async fn begin_absence(app: &App, room: &Room, host: UserId) -> Result<(), AppError> {
    let grace = app.settings.host_grace;
    // Whole numbers of the table have a sign.
    let absence = u64::from_be_bytes(app.ports.random.bytes()) >> 1;
    let until = app.ports.clock.now().plus(grace);
    let job = Job::EndHostGrace { room: room.code.clone(), absence, host, until };
    // It comes first: an absence without its job would never end.
    app.ports.jobs.enqueue(vec![(job, grace.min(MAX_JOB_DELAY))]).await?;
    let after = Room { absence: Some(absence), ..room.clone() };
    if let Changed::Yes(room) = Rooms(&*app.ports.table).replace(room, after).await? {
        let grace_seconds = u32::try_from(grace.as_secs()).unwrap_or(u32::MAX);
        let event = Event::HostDisconnected(HostDisconnected { grace_seconds, place: here(&room) });
        announce_to_room(app, &room, &event, &Actor::default()).await;
    }
    Ok(())
}

async fn end_absence(app: &App, room: &Room) -> Result<(), AppError> {
    let after = Room { absence: None, ..room.clone() };
    if let Changed::Yes(room) = Rooms(&*app.ports.table).replace(room, after).await? {
        let event = Event::HostReconnected(HostReconnected { place: here(&room) });
        announce_to_room(app, &room, &event, &Actor::default()).await;
    }
    Ok(())
}

/// Who is host in the place of one who is gone: co-hosts first, then members, guests last, the longest present first.
async fn stand_in(app: &App, room: &Room, host: UserId) -> Result<Option<Member>, AppError> {
    for member in candidates(app, room, host).await? {
        if is_here(app, room, member.user).await? {
            return Ok(Some(member));
        }
    }
    Ok(None)
}

async fn hand_over(app: &App, room: &Room, to: &Member) -> Result<(), AppError> {
    let stands_in = Some(to.role).filter(|_| room.owner != Some(to.user));
    let after = Room { host: Some(to.user), absence: None, stands_in, ..room.clone() };
    let moved = make_host(app, room, after, to, None).await?;
    tracing::info!(room = %room.code, is_done = moved == Moved::Yes, "a host was away for too long");
    Ok(())
}
