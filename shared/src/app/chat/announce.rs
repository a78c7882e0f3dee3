//! Sends a stored event of a room's log to everybody who is to see it.

use std::time::Duration;

use super::events::{Reader, event_of};
use super::people::Authors;
use crate::app::rooms::Origin;
use crate::app::rooms::shown::{author, place};
use crate::app::rooms::tell::{Actor, announce_to_room, broadcast, publish, tell_room};
use crate::app::webhooks::tell_webhooks;
use crate::app::{App, AppError};
use crate::domain::chat::{LoggedEvent, Message};
use crate::domain::webhooks::Happening;
use crate::ids::{EventId, RoomCode, UserId};
use crate::ports::{Broadcast, Entry, Job, Source};
use crate::protocol::{Event, ReadReceipt};
use crate::store::{Member, Room, Rooms};

/// Tells a room of a message. It is stored: if it can't be told now, a job tells it.
pub(super) async fn tell(app: &App, room: &Room, entry: &Entry, by: &Member, origin: Option<Origin>) {
    tell_amended(app, room, entry, by, None, origin).await;
}

/// Tells a room of an event of its log, with what it did to a message.
pub(super) async fn tell_amended(
    app: &App,
    room: &Room,
    entry: &Entry,
    by: &Member,
    target: Option<&Message>,
    origin: Option<Origin>,
) {
    let event = event_of(app.settings(), room, entry, target, &Authors::one(by), Reader::default());
    let actor = Actor { user: Some(by.user), origin };
    let told = tell_room(app, room, &event, &actor, source(room, entry.id)).await;
    if let Err(error) = told {
        tracing::warn!(room = %room.code, id = %entry.id, %error, "an event is told later");
        if !planted!(FailedTellForgotten) {
            tell_later(app, &room.code, entry.id).await;
        }
    }
}

/// Leaves it to a job to tell a room of an event.
pub(super) async fn tell_later(app: &App, room: &RoomCode, id: EventId) {
    let job = Job::Announce { room: room.clone(), id };
    if let Err(error) = app.ports.jobs.enqueue(vec![(job, Duration::from_secs(1))]).await {
        tracing::error!(%room, %id, %error, "an event is in the log and was told to nobody");
    }
}

fn source(room: &Room, id: EventId) -> Source {
    Source::Event { room: room.code.clone(), id: id.0 }
}

/// Tells a room of an event that is stored, as it is now. The job.
pub(in crate::app) async fn announce(app: &App, room: &RoomCode, id: EventId) -> Result<(), AppError> {
    let Some(room) = Rooms(&*app.ports.table).get(room).await? else { return Ok(()) };
    match stored_event(app, &room, id).await? {
        Some(told) => {
            tell_webhooks(app, &room, Happening::Logged { id }).await;
            Ok(publish(app, &room, told).await?)
        }
        None => Ok(()),
    }
}

/// What a stored event is told as now; none if nobody is to be told of it any more.
pub(in crate::app) async fn stored_broadcast(
    app: &App,
    room: &RoomCode,
    id: EventId,
) -> Result<Option<Broadcast>, AppError> {
    let Some(room) = Rooms(&*app.ports.table).get(room).await? else { return Ok(None) };
    stored_event(app, &room, id).await
}

async fn stored_event(app: &App, room: &Room, id: EventId) -> Result<Option<Broadcast>, AppError> {
    let found = logged_event(app, room, id).await?;
    Ok(found
        .map(|(event, author)| broadcast(&event, &Actor { user: author, origin: None }, source(room, id))))
}

/// An event of a room's log as it is now, and whose doing it is; none if nobody is to be told of it any more.
pub(in crate::app) async fn logged_event(
    app: &App,
    room: &Room,
    id: EventId,
) -> Result<Option<(Event, Option<UserId>)>, AppError> {
    let Some(entry) = app.ports.log.get(&room.code, &[id]).await?.pop() else { return Ok(None) };
    if entry.event.message().is_some_and(|message| message.is_deleted) {
        return Ok(None);
    }
    let target = target(app, room, &entry).await?;
    let authors = Authors::of(app, &room.code, entry.author).await?;
    let event = event_of(app.settings(), room, &entry, target.as_ref(), &authors, Reader::default());
    Ok(Some((event, entry.author)))
}

/// The message that an event is about, as it is now.
pub(super) async fn target(app: &App, room: &Room, entry: &Entry) -> Result<Option<Message>, AppError> {
    let (LoggedEvent::Edited { message_id } | LoggedEvent::Reacted { message_id, .. }) = &entry.event else {
        return Ok(None);
    };
    let found = app.ports.log.get(&room.code, &[*message_id]).await?.pop();
    Ok(found.and_then(|entry| entry.event.message().cloned()))
}

/// Tells a room up to where somebody has read.
pub(super) async fn tell_read(app: &App, room: &Room, member: &Member, message_id: EventId) {
    let by = author(app.settings(), room, member);
    let event = Event::Read(ReadReceipt { by, message_id, place: place(room, Some(member.user)) });
    announce_to_room(app, room, &event, &Actor::person(member.user)).await;
}
