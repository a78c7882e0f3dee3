//! The job that greets a new socket, as soon as it can be written to.

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
    let greeted = replay_first(app, connection, room, member.user, since).await;
    drop(turn);
    has_come(app, room, member, joined, greeted.is_ok()).await?;
    greeted
}

/// Tells a socket what it has missed, which is what it is greeted with.
async fn replay_first(
    app: &App,
    connection: &Connection,
    room: &Room,
    user: UserId,
    since: EventId,
) -> Result<(), AppError> {
    let (events, _) = missed(app, room, user, since).await?;
    let Some((first, rest)) = events.split_first() else { return Ok(()) };
    say_first(app, connection, first).await?;
    say_all(app, connection, rest).await
}

/// Tells a room of somebody who has come by a socket, by a job if that socket is still to be greeted: its next greeting would
/// find it in the room.
async fn has_come(
    app: &App,
    room: &Room,
    member: &Member,
    joined: Joined,
    is_greeted: bool,
) -> Result<(), AppError> {
    if joined != Joined::Arrived {
        return Ok(());
    }
    if is_greeted {
        tell_come(app, room, member).await;
        return Ok(());
    }
    let told = Job::TellCome { room: room.code.clone(), user: member.user };
    Ok(app.ports.jobs.enqueue(vec![(told, Duration::ZERO)]).await?)
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
    let greeted = greet_watcher(app, connection, room, member).await;
    drop(turn);
    has_come(app, room, member, joined, greeted.is_ok()).await?;
    greeted?;
    watch::host_absence::somebody_came(app, room).await;
    Ok(())
}

async fn greet_watcher(
    app: &App,
    connection: &Connection,
    room: &Room,
    member: &Member,
) -> Result<(), AppError> {
    say_first(app, connection, &Event::Participants(participants_event(app, room).await?)).await?;
    let is_resumed = match connection.since {
        Some(since) => replay(app, connection, room, member.user, EventId(since)).await?,
        None => false,
    };
    if !is_resumed {
        say(app, connection, &history(app, room, member.user).await?).await?;
    }
    let state = watch::state_event(app, room, PlaybackCause::Join).await?;
    say(app, connection, &Event::Playback(state)).await.map(drop)
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
    let (events, is_resumed) = missed(app, room, user, since).await?;
    say_all(app, connection, &events).await?;
    Ok(is_resumed)
}

/// What a socket has missed, and whether that is all.
async fn missed(
    app: &App,
    room: &Room,
    user: UserId,
    since: EventId,
) -> Result<(Vec<Event>, bool), AppError> {
    match chat::resume(app, user, &room.code, since).await? {
        Since::TooFar { oldest, head } => {
            let failed = ResumeFailed { oldest, last_id: head.id, place: place(room, Some(user)) };
            Ok((vec![Event::ResumeFailed(failed)], false))
        }
        Since::Missed(missed) => {
            let reader = chat::Reader { user: Some(user), mine: Some(&missed.mine), replayed: true };
            let event = |entry| {
                chat::event_of(app.settings(), room, entry, missed.target(entry), &missed.authors, reader)
            };
            let resumed = Resumed { last_id: missed.head.id, place: place(room, Some(user)) };
            let events = missed.entries.iter().map(event).chain([Event::Resumed(resumed)]);
            Ok((events.collect(), true))
        }
    }
}

async fn say_all(app: &App, connection: &Connection, events: &[Event]) -> Result<(), AppError> {
    for event in events {
        say(app, connection, event).await?;
    }
    Ok(())
}

/// Says what a greeting begins with. Where the socket is not open yet, nothing is said, and the greeting fails.
async fn say_first(app: &App, connection: &Connection, event: &Event) -> Result<(), AppError> {
    let Some(frame) = event.frame(connection.dialect) else { return Ok(()) };
    match app.ports.sender.send_first(&connection.id, &frame).await? {
        Delivery::NotYet => Err(AppError::Busy),
        Delivery::Sent | Delivery::Gone => Ok(()),
    }
}

/// Says something to one socket, in its own dialect. One that is gone misses nothing.
pub(super) async fn say(app: &App, connection: &Connection, event: &Event) -> Result<Delivery, AppError> {
    match event.frame(connection.dialect) {
        Some(frame) => Ok(app.ports.sender.send(&connection.id, &frame).await?),
        None => Ok(Delivery::Gone),
    }
}
