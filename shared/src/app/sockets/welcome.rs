//! A new socket is greeted once it can be written to.

use std::time::Duration;

use super::access::{Access, access, admission};
use crate::app::accounts::tokens::authenticate::live_session;
use crate::app::chat::{self, Since};
use crate::app::rooms::arrivals::{participants_event, tell_come};
use crate::app::rooms::shown::place;
use crate::app::rooms::tell::here;
use crate::app::{App, AppError, heartbeat, watch};
use crate::ids::{ConnectionId, EventId, UserId};
use crate::ports::{Connection, Delivery, Endpoint, Group, Job, Joined, WelcomeLease};
use crate::protocol::{ChatHistory, Close, Event, PlaybackCause, ResumeFailed, Resumed};
use crate::store::{Member, Room};

/// How many messages a watch room's newcomer is told.
const HISTORY: usize = 50;
/// How often a signed-in socket is told that it lives: API Gateway closes it after ten minutes without a message.
pub(super) const KEEP_ALIVE: Duration = Duration::from_secs(8 * 60);

/// Greets a socket that can be written to now. An attempt that fails gives its lease back.
pub async fn welcome(app: &App, id: &ConnectionId) -> Result<(), AppError> {
    let connections = &app.ports.connections;
    let connection = match connections.lease_welcome(id).await? {
        WelcomeLease::Granted(connection) => connection,
        WelcomeLease::Busy => return Err(AppError::Busy),
        WelcomeLease::Done | WelcomeLease::Gone => return Ok(()),
    };
    let greeted = greet(app, &connection).await;
    if greeted.is_err()
        && let Err(error) = connections.release_welcome(id).await
    {
        tracing::warn!(%error, "the next welcome waits for this one's lease to end");
    }
    greeted
}

/// The rows are written first, and what they stand on is read again after that: whatever ends the session from now on
/// finds the rows, whatever ended it before is found here.
async fn greet(app: &App, connection: &Connection) -> Result<(), AppError> {
    if let Some(identity) = &connection.identity {
        app.ports.groups.join(&Group::User(identity.user), connection, None).await?;
        match live_session(app, identity).await {
            Ok(_) => {}
            Err(AppError::SessionEnded) => {
                return Ok(app.ports.sender.close(&connection.id, Close::SessionEnded).await?);
            }
            Err(error) => return Err(error),
        }
    }
    match &connection.endpoint {
        Endpoint::Feed => heartbeat::listener_came(app).await?,
        _ => {
            let next = Job::KeepAlive { connection: connection.id.clone() };
            app.ports.jobs.enqueue(vec![(next, KEEP_ALIVE)]).await?;
            greet_in_room(app, connection).await?;
        }
    }
    Ok(app.ports.connections.welcomed(&connection.id).await?)
}

async fn greet_in_room(app: &App, connection: &Connection) -> Result<(), AppError> {
    match access(app, connection).await? {
        Access::Open => Ok(()),
        Access::Refused(reason) => Ok(app.ports.sender.close(&connection.id, reason).await?),
        Access::Room(room, member) if matches!(connection.endpoint, Endpoint::Watch(_)) => {
            enter_watch_room(app, connection, &room, &member).await
        }
        Access::Room(room, member) => match connection.since {
            Some(since) => replay(app, connection, &room, member.user, EventId(since)).await.map(drop),
            None => Ok(()),
        },
    }
}

/// The row first, then what was before: whatever comes after the id that the history names reaches the socket live.
async fn enter_watch_room(
    app: &App,
    connection: &Connection,
    room: &Room,
    member: &Member,
) -> Result<(), AppError> {
    let turn = app.ports.turns.take(&room.code).await;
    let group = Group::Room(room.code.clone());
    let joined = app.ports.groups.join(&group, connection, Some(&admission(room, member))).await?;
    match joined {
        Joined::Refused => return Ok(app.ports.sender.close(&connection.id, Close::NotApproved).await?),
        Joined::Gone => return Ok(()),
        Joined::Arrived | Joined::Already => {}
    }
    say(app, connection, &Event::Participants(participants_event(app, room).await?)).await?;
    let is_resumed = match connection.since {
        Some(since) => replay(app, connection, room, member.user, EventId(since)).await?,
        None => false,
    };
    if !is_resumed {
        say(app, connection, &history(app, room, member.user).await?).await?;
    }
    let state = watch::state_event(app, room, PlaybackCause::Join).await?;
    say(app, connection, &Event::Playback(state)).await?;
    drop(turn);
    if joined == Joined::Arrived {
        tell_come(app, room, member).await;
    }
    watch::host_absence::somebody_came(app, room).await;
    Ok(())
}

async fn history(app: &App, room: &Room, user: UserId) -> Result<Event, AppError> {
    let history = chat::history(app, user, room, HISTORY).await?;
    let reader = chat::Reader { user: Some(user), mine: Some(&history.mine), replayed: false };
    let body = |entry| chat::message_body(app.settings(), room, entry, &history.authors, reader);
    let messages = history.entries.iter().map(body).collect();
    Ok(Event::History(ChatHistory::fitting(here(room), messages, history.head.id, history.more)))
}

/// Tells a socket what it has missed; tells whether that was possible.
pub(super) async fn replay(
    app: &App,
    connection: &Connection,
    room: &Room,
    user: UserId,
    since: EventId,
) -> Result<bool, AppError> {
    match chat::resume(app, user, &room.code, since).await? {
        Since::TooFar { oldest, head } => {
            let failed = ResumeFailed { oldest, last_id: head.id, place: place(room, Some(user)) };
            say(app, connection, &Event::ResumeFailed(failed)).await?;
            Ok(false)
        }
        Since::Missed(missed) => {
            let reader = chat::Reader { user: Some(user), mine: Some(&missed.mine), replayed: true };
            for entry in &missed.entries {
                let target = missed.target(entry);
                let event = chat::event_of(app.settings(), room, entry, target, &missed.authors, reader);
                say(app, connection, &event).await?;
            }
            let resumed = Resumed { last_id: missed.head.id, place: place(room, Some(user)) };
            say(app, connection, &Event::Resumed(resumed)).await?;
            Ok(true)
        }
    }
}

/// Says something to one socket, in its own dialect. One that is gone misses nothing.
pub(super) async fn say(app: &App, connection: &Connection, event: &Event) -> Result<Delivery, AppError> {
    match event.frame(connection.dialect) {
        Some(frame) => Ok(app.ports.sender.send(&connection.id, &frame).await?),
        None => Ok(Delivery::Gone),
    }
}
