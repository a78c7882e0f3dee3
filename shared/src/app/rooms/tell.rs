//! Events on their way to the sockets of rooms and people.

use super::shown::place;
use crate::app::{App, AppError};
use crate::ids::{ConnectionId, UserId};
use crate::ports::{Broadcast, ChannelError, Group, Own, OwnCopy, Source};
use crate::protocol::{Dialect, Event, Frames, OwnFrames};
use crate::store::Room;

/// Whose doing an event is, and by which socket.
#[derive(Debug, Clone, Default)]
pub(in crate::app) struct Actor {
    /// The person.
    pub(in crate::app) user: Option<UserId>,
    /// The socket: it gets its copy in any case.
    pub(in crate::app) connection: Option<(ConnectionId, Dialect)>,
}

impl Actor {
    /// A person, by no socket in particular.
    pub(in crate::app) fn person(user: UserId) -> Self {
        Self { user: Some(user), connection: None }
    }
}

/// An event for all sockets of a group, with the copy for whose doing it is.
pub(in crate::app) fn broadcast(event: &Event, actor: &Actor, source: Source) -> Broadcast {
    let frames = event.frames();
    let connection = actor.connection.clone();
    let own = |user, copy| Own { user, copy, connection: connection.clone() };
    let own = actor.user.and_then(|user| match event.own_frames() {
        OwnFrames::Same if connection.is_some() => Some(own(user, OwnCopy::Frames(frames.clone()))),
        OwnFrames::Same => None,
        OwnFrames::Nothing => Some(Own { user, copy: OwnCopy::Nothing, connection: None }),
        OwnFrames::Copy(copy) => Some(own(user, OwnCopy::Frames(copy))),
    });
    Broadcast { frames, own, source }
}

/// Tells a room: everybody who is in it by a socket, and in conversations everybody's inbox, too.
pub(in crate::app) async fn tell_room(
    app: &App,
    room: &Room,
    event: &Event,
    actor: &Actor,
    source: Source,
) -> Result<(), AppError> {
    let told = broadcast(event, actor, source);
    Ok(publish(app, room, &told).await?)
}

/// The same with what is to be told at hand.
pub(in crate::app) async fn publish(app: &App, room: &Room, told: &Broadcast) -> Result<(), ChannelError> {
    app.ports.sender.publish(&Group::Room(room.code.clone()), told).await?;
    if !room.kind.is_conversation() {
        return Ok(());
    }
    let inbox = for_inboxes(told);
    for person in &room.people {
        app.ports.sender.publish(&Group::Inbox(*person), &inbox).await?;
    }
    Ok(())
}

/// Inboxes hear their own dialect alone, and the sending socket has its copy from the room.
fn for_inboxes(told: &Broadcast) -> Broadcast {
    let inbox = |frames: &Frames| match frames.get(Dialect::Inbox) {
        Some(frame) => Frames::only(Dialect::Inbox, frame.clone()),
        None => Frames::none(),
    };
    let own = told.own.as_ref().map(|own| Own {
        user: own.user,
        copy: match &own.copy {
            OwnCopy::Nothing => OwnCopy::Nothing,
            OwnCopy::Frames(frames) => OwnCopy::Frames(inbox(frames)),
        },
        connection: None,
    });
    Broadcast { frames: inbox(&told.frames), own, source: told.source.clone() }
}

/// Tells one person, on all their sockets.
pub(in crate::app) async fn tell_person(app: &App, user: UserId, event: &Event) -> Result<(), AppError> {
    let told = Broadcast::new(event.frames());
    Ok(app.ports.sender.publish(&Group::User(user), &told).await?)
}

/// Tells a room something of nobody's doing; that it can't be told is no reason to fail.
pub(in crate::app) async fn announce_to_room(app: &App, room: &Room, event: &Event, actor: &Actor) {
    if let Err(error) = tell_room(app, room, event, actor, Source::Frame).await {
        tracing::warn!(room = %room.code, ?event, %error, "a room was not told of an event");
    }
}

/// A room as an event of nobody's doing names it.
pub(in crate::app) fn here(room: &Room) -> crate::protocol::Place {
    place(room, None)
}
