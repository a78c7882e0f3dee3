//! The job that greets a new socket, as soon as it can be written to.

use super::access::{Access, access, admission};
use crate::app::accounts::tokens::authenticate::live_session;
use crate::app::chat::{self, Since};
use crate::app::rooms::arrivals::{participants_event, tell_come};
use crate::app::rooms::shown::place;
use crate::app::rooms::tell::here;
use crate::app::{App, AppError, heartbeat, watch};
use crate::ids::{ConnectionId, EventId, UserId};
use crate::ports::{Connection, Delivery, Endpoint, Group, Joined, WelcomeLease};
use crate::protocol::{ChatHistory, Close, Event, PlaybackCause, ResumeFailed, Resumed};
use crate::store::{Member, Room};

/// How many messages a watch room's newcomer is told.
const HISTORY: usize = 50;
/// How often it is tried to note that a socket was greeted.
const TRIES: u32 = 3;

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
        _ => greet_in_room(app, connection).await?,
    }
    if planted!(GreetingFailsAtTheEnd) {
        return Ok(app.ports.connections.welcomed(&connection.id).await?);
    }
    if !planted!(GreetingNotNoted) {
        note_greeted(app, connection).await;
    }
    Ok(())
}

/// A socket that has been told everything is not greeted again because that can't be noted.
async fn note_greeted(app: &App, connection: &Connection) {
    for _ in 0..TRIES {
        match app.ports.connections.welcomed(&connection.id).await {
            Ok(()) => return,
            Err(error) => tracing::warn!(connection = %connection.id, %error, "a greeting is not noted"),
        }
    }
}

async fn greet_in_room(app: &App, connection: &Connection) -> Result<(), AppError> {
    match access(app, connection).await? {
        Access::Open => Ok(()),
        Access::Refused(reason) => Ok(app.ports.sender.close(&connection.id, reason).await?),
        Access::Room(room, member) if matches!(connection.endpoint, Endpoint::Watch(_)) => {
            enter_watch_room(app, connection, &room, &member).await
        }
        Access::Room(room, member) => match connection.since {
            Some(since) => resume_chat(app, connection, (&room, &member), EventId(since)).await,
            None => Ok(()),
        },
    }
}

/// The row first, then what was missed.
async fn resume_chat(
    app: &App,
    connection: &Connection,
    (room, member): (&Room, &Member),
    since: EventId,
) -> Result<(), AppError> {
    let turn = app.ports.turns.take(&room.code).await;
    let Some(joined) = enter(app, connection, room, member).await? else { return Ok(()) };
    replay(app, connection, room, member.user, since).await?;
    drop(turn);
    if joined == Joined::Arrived {
        tell_come(app, room, member).await;
    }
    Ok(())
}

/// Gives a socket its row in its room; none if it is gone, or was just closed.
async fn enter(
    app: &App,
    connection: &Connection,
    room: &Room,
    member: &Member,
) -> Result<Option<Joined>, AppError> {
    let group = Group::Room(room.code.clone());
    match app.ports.groups.join(&group, connection, Some(&admission(room, member))).await? {
        Joined::Refused => {
            app.ports.sender.close(&connection.id, Close::NotApproved).await?;
            Ok(None)
        }
        Joined::Gone => Ok(None),
        joined @ (Joined::Arrived | Joined::Already) => Ok(Some(joined)),
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
    let Some(joined) = enter(app, connection, room, member).await? else { return Ok(()) };
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
