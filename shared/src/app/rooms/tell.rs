//! Sends events to the sockets of rooms and of people.

use futures_util::future::{join, try_join_all};

use super::shown::place;
use crate::app::webhooks::tell_webhooks;
use crate::app::{App, AppError};
use crate::domain::webhooks::Happening;
use crate::ids::{ConnectionId, EventId, UserId};
use crate::ports::{Broadcast, ChannelError, Connection, Endpoint, Group, Own, OwnCopy, Source};
use crate::protocol::{Dialect, Event, Frames, OwnFrames};
use crate::store::Room;

/// Whose doing an event is, and by which socket.
#[derive(Debug, Clone, Default)]
pub(in crate::app) struct Actor {
    /// The person.
    pub(in crate::app) user: Option<UserId>,
    /// The socket: it gets its copy in any case.
    pub(in crate::app) origin: Option<Origin>,
}

/// The socket that something came by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Its name.
    id: ConnectionId,
    /// How events are spelled for it.
    dialect: Dialect,
    /// Whether it is an inbox: these hear of conversations by their person's group.
    is_inbox: bool,
}

impl Origin {
    /// That socket.
    pub fn of(connection: &Connection) -> Self {
        let is_inbox = connection.endpoint == Endpoint::Inbox;
        Self { id: connection.id.clone(), dialect: connection.dialect, is_inbox }
    }
}

impl Actor {
    /// A person, by no socket in particular.
    pub(in crate::app) fn person(user: UserId) -> Self {
        Self { user: Some(user), origin: None }
    }
}

/// An event for all sockets of a group, with the copy for whose doing it is.
pub(in crate::app) fn broadcast(event: &Event, actor: &Actor, source: Source) -> Broadcast {
    let frames = event.frames();
    let connection = actor.origin.as_ref().map(|origin| (origin.id.clone(), origin.dialect));
    let own = |user, copy| Own { user, copy, connection: connection.clone() };
    let own = actor.user.and_then(|user| match event.own_frames() {
        OwnFrames::Same if connection.is_some() => Some(own(user, OwnCopy::Frames(frames.clone()))),
        OwnFrames::Same => None,
        OwnFrames::Nothing => Some(Own { user, copy: OwnCopy::Nothing, connection: None }),
        OwnFrames::Copy(copy) => Some(own(user, OwnCopy::Frames(copy))),
    });
    Broadcast { frames, own, source, conversation: None }
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
    let by_inbox = actor.origin.as_ref().is_some_and(|origin| origin.is_inbox);
    let happening = match &told.source {
        Source::Event { id, .. } => Some(Happening::Logged { id: EventId(*id) }),
        _ => Happening::of(event),
    };
    let webhooks = async {
        if let Some(happening) = happening {
            tell_webhooks(app, room, happening).await;
        }
    };
    Ok(join(publish_by(app, room, told, by_inbox), webhooks).await.0?)
}

/// The same with what is to be told at hand, by no socket in particular.
pub(in crate::app) async fn publish(app: &App, room: &Room, told: Broadcast) -> Result<(), ChannelError> {
    publish_by(app, room, told, false).await
}

/// The sending socket gets its copy once: from the room, or from its person's inbox if it is one.
async fn publish_by(app: &App, room: &Room, mut told: Broadcast, by_inbox: bool) -> Result<(), ChannelError> {
    let group = Group::Room(room.code.clone());
    if !room.kind.is_conversation() {
        return app.ports.sender.publish(&group, &told).await;
    }
    let others = for_inboxes(&told, room);
    let mut mine = others.clone();
    if let (true, Some(told), Some(mine)) = (by_inbox, &mut told.own, &mut mine.own) {
        mine.connection = told.connection.take();
    }
    app.ports.sender.publish(&group, &told).await?;
    let actor = told.own.as_ref().map(|own| own.user);
    let inboxes = room.people.iter().copied().filter(|person| Some(*person) != actor).map(Group::Inbox);
    let inboxes: Vec<Group> = inboxes.collect();
    try_join_all(inboxes.iter().map(|group| app.ports.sender.publish(group, &others))).await?;
    // The copy of whose doing it is acknowledges it: it comes last.
    if let Some(actor) = actor.filter(|actor| room.people.contains(actor)) {
        app.ports.sender.publish(&Group::Inbox(actor), &mine).await?;
    }
    Ok(())
}

/// Inboxes hear their own dialect alone, and no socket in particular.
fn for_inboxes(told: &Broadcast, room: &Room) -> Broadcast {
    let inbox = |frames: &Frames| match frames.get(Dialect::Inbox) {
        Some(frame) => Frames::only(Dialect::Inbox, frame.clone()),
        None => Frames::none(),
    };
    let own = told.own.as_ref().map(|own| Own {
        copy: match &own.copy {
            OwnCopy::Nothing => OwnCopy::Nothing,
            OwnCopy::Frames(frames) => OwnCopy::Frames(inbox(frames)),
        },
        user: own.user,
        connection: None,
    });
    let conversation = Some(room.code.clone());
    Broadcast { frames: inbox(&told.frames), own, source: told.source.clone(), conversation }
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
