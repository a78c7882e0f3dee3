//! Handles a message that a client sent on a socket.

use super::access::{Access, admission, room_access};
use super::inbox;
use super::refused::answer_refusal;
use super::welcome::{replay, say};
use crate::app::chat::{self, Amendment, Author, Words};
use crate::app::rooms::shown::place;
use crate::app::rooms::{Measure, Origin, RoomRefusal, moderate};
use crate::app::{App, AppError, Commander, watch};
use crate::ids::{RoomCode, UserId};
use crate::ports::{Connection, Endpoint, Group, Identity};
use crate::protocol::{
    ChatCommand, ConversationJoined, Event, Ping, Pong, Regarding, Request, SendMessage, SyncCheck,
    Timestamp, WatchCommand,
};
use crate::store::SentCommand;

/// Does what a client's message asks for. What can't be done is answered by an `ERROR`; the socket stays open. `sent_at` is
/// when the gateway got it, in milliseconds since 1970: of two messages of one socket, the later has the later one.
pub async fn receive(app: &App, connection: &Connection, text: &str, sent_at: i64) -> Result<(), AppError> {
    let received_at = app.ports.clock.now();
    let Some(identity) = connection.identity.as_ref().filter(|_| connection.endpoint != Endpoint::Feed)
    else {
        // The feed answers `ping` and takes no notice of anything else.
        return match Ping::parse(text) {
            Some(ping) => pong(app, connection, ping, received_at).await,
            None => Ok(()),
        };
    };
    let by = By { connection, identity, received_at, sent_at };
    let (regarding, done) = match &connection.endpoint {
        Endpoint::Watch(room) => {
            let Request { regarding, command } = WatchCommand::parse(text);
            let done = match command {
                // Boxed, as the other one: a ping would else have to carry what all commands need, which is much.
                Ok(command) => Box::pin(watch_command(app, &by, room, command)).await,
                Err(refusal) => return super::refused::answer(app, connection, refusal, &regarding).await,
            };
            (regarding, done)
        }
        endpoint => {
            let Request { regarding, command } = ChatCommand::parse(text);
            let room = endpoint.room().or(regarding.room.as_ref()).cloned();
            let done = match command {
                Ok(command) => Box::pin(chat_command(app, &by, room, command)).await,
                Err(refusal) => return super::refused::answer(app, connection, refusal, &regarding).await,
            };
            (regarding, done)
        }
    };
    answered(app, connection, &regarding, done).await
}

/// A refusal is said to the socket; everything else is our fault, and stays an error.
async fn answered(
    app: &App,
    connection: &Connection,
    regarding: &Regarding,
    done: Result<(), AppError>,
) -> Result<(), AppError> {
    match done {
        Ok(()) => Ok(()),
        Err(error) => answer_refusal(app, connection, error, regarding).await,
    }
}

/// Who says something, and when it came.
struct By<'a> {
    connection: &'a Connection,
    identity: &'a Identity,
    received_at: Timestamp,
    sent_at: i64,
}

impl By<'_> {
    fn user(&self) -> UserId {
        self.identity.user
    }

    fn commander(&self) -> Commander {
        let sent = SentCommand { connection: self.connection.id.clone(), sent_at: self.sent_at };
        Commander { user: self.identity.user, sent: Some(sent) }
    }

    fn author(&self) -> Author {
        Author {
            user: self.identity.user,
            session: Some(self.identity.session.clone()),
            origin: Some(Origin::of(self.connection)),
        }
    }
}

async fn pong(
    app: &App,
    connection: &Connection,
    ping: Ping,
    received_at: Timestamp,
) -> Result<(), AppError> {
    let pong = Pong { timestamp: ping.timestamp, received_at, server_time: app.ports.clock.now() };
    say(app, connection, &Event::Pong(pong)).await.map(drop)
}

async fn watch_command(
    app: &App,
    by: &By<'_>,
    room: &RoomCode,
    command: WatchCommand,
) -> Result<(), AppError> {
    let user = by.user();
    let play = async |command| watch::command(app, &by.commander(), room, command).await;
    match command {
        WatchCommand::Chat(command) => chat_command(app, by, Some(room.clone()), command).await,
        WatchCommand::Play { time } => play(watch::Command::Play(time)).await,
        WatchCommand::Pause { time } => play(watch::Command::Pause(time)).await,
        WatchCommand::Seek { time } => play(watch::Command::Seek(time)).await,
        WatchCommand::SetRate { rate } => play(watch::Command::SetRate(rate)).await,
        WatchCommand::SetMedia(choice) => {
            watch::set_media(app, &by.commander(), room, &choice).await.map(drop)
        }
        WatchCommand::QueueAdd(choice) => watch::add_to_queue(app, user, room, &choice).await.map(drop),
        WatchCommand::QueueRemove { item } => watch::remove_from_queue(app, user, room, &item).await,
        WatchCommand::QueueMove { item, before } => {
            watch::move_in_queue(app, user, room, &item, before.as_deref()).await
        }
        WatchCommand::QueueNext => watch::next_in_queue(app, &by.commander(), room).await,
        WatchCommand::PlayerEvent(event) => watch::player_event(app, &by.commander(), room, &event).await,
        WatchCommand::Ready { version } => watch::gate::ready(app, user, room, version).await,
        WatchCommand::SyncCheck(check) => sync_check(app, by, room, check).await,
        WatchCommand::Mute { user: target, seconds } => {
            moderate(app, user, room, target, Measure::Mute(seconds.map(u64::from))).await
        }
        WatchCommand::Kick { user: target } => moderate(app, user, room, target, Measure::Kick).await,
        WatchCommand::Ban { user: target } => moderate(app, user, room, target, Measure::Ban).await,
    }
}

async fn sync_check(app: &App, by: &By<'_>, room: &RoomCode, check: SyncCheck) -> Result<(), AppError> {
    let found = watch::sync_check(app, by.user(), &by.connection.id, room, check, by.received_at).await?;
    match found {
        Some(correction) => say(app, by.connection, &Event::Correction(correction)).await.map(drop),
        None => Ok(()),
    }
}

async fn chat_command(
    app: &App,
    by: &By<'_>,
    room: Option<RoomCode>,
    command: ChatCommand,
) -> Result<(), AppError> {
    if let ChatCommand::Ping(ping) = command {
        return pong(app, by.connection, ping, by.received_at).await;
    }
    let room = match room {
        Some(room) => room,
        None => inbox::meant(app, by.connection, by.user(), &command).await?,
    };
    let amend = async |message_id, amendment| {
        chat::amend(app, &by.author(), &room, message_id, amendment).await.map(drop)
    };
    match command {
        ChatCommand::Ping(_) => Ok(()),
        ChatCommand::Send(message) => send(app, by, &room, message).await,
        ChatCommand::Edit { message_id, text } => amend(message_id, Amendment::Edit(text)).await,
        ChatCommand::Delete { message_id } => amend(message_id, Amendment::Delete).await,
        ChatCommand::React(react) => {
            let amendment = Amendment::React { reaction: react.reaction, on: react.on };
            amend(react.message_id, amendment).await
        }
        ChatCommand::Join { since } => join(app, by, &room, since).await,
        ChatCommand::Leave => leave(app, by, &room).await,
        ChatCommand::Typing { is_typing } => chat::typing(app, by.user(), &room, is_typing).await,
        ChatCommand::Read { message_id } => {
            chat::mark_read(app, by.user(), &room, Some(message_id)).await.map(drop)
        }
    }
}

async fn send(app: &App, by: &By<'_>, room: &RoomCode, message: SendMessage) -> Result<(), AppError> {
    let words = Words {
        text: message.text,
        message_type: message.message_type,
        attachment: message.attachment,
        reply_to: message.reply_to,
        mentions: message.mentions,
        client_msg_id: message.client_msg_id,
        request: None,
        is_watching: matches!(by.connection.endpoint, Endpoint::Watch(_)),
    };
    chat::say(app, &by.author(), room, words).await.map(drop)
}

/// Lets an inbox hear a room from now on. A private conversation is heard by every inbox of its people anyway.
async fn join(
    app: &App,
    by: &By<'_>,
    code: &RoomCode,
    since: Option<crate::ids::EventId>,
) -> Result<(), AppError> {
    let (room, member) = match room_access(app, by.user(), code).await? {
        Access::Room(room, member) => (room, member),
        Access::Refused(reason) => return Err(RoomRefusal::from(reason).into()),
        Access::Open => return Ok(()),
    };
    let turn = app.ports.turns.take(code).await;
    if !room.kind.is_conversation() && by.connection.endpoint == Endpoint::Inbox {
        let group = Group::Room(room.code.clone());
        app.ports.groups.join(&group, by.connection, Some(&admission(&room, &member))).await?;
    }
    inbox::joined(app, by.connection, &room.code).await?;
    let last_id = app.ports.log.head(code).await?.id;
    let joined = ConversationJoined { last_id, place: place(&room, Some(by.user())) };
    say(app, by.connection, &Event::Joined(joined)).await?;
    if let Some(since) = since {
        replay(app, by.connection, &room, by.user(), since).await?;
    }
    drop(turn);
    Ok(())
}

async fn leave(app: &App, by: &By<'_>, code: &RoomCode) -> Result<(), AppError> {
    if by.connection.endpoint == Endpoint::Inbox {
        app.ports.groups.leave(&Group::Room(code.clone()), by.connection).await?;
        inbox::left(app, by.connection, code).await?;
    }
    Ok(())
}
