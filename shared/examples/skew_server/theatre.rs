//! A room where something is watched, on ports in memory.

use std::collections::HashMap;
use std::sync::Arc;

use parlor::app::{self, App, EntryPass, NewRoom, Ports, Settings};
use parlor::embedded::{
    LocalChannelLayer, LocalTurns, OutboxLimits, SocketRegistry, SqliteRoomLog, SqliteTable,
};
use parlor::ids::{RoomCode, UserId};
use parlor::inbound::gateway_event::{GatewayEvent, GatewayResponse};
use parlor::inbound::websocket;
use parlor::ports::{Clock as _, Condition, Write};
use parlor::protocol::Timestamp;
use parlor::store::{User, Users};
use parlor::testing::{SeededRandom, SettableClock};
use serde_json::{Value, json};

use crate::Failure;
use crate::diary::Diary;
use crate::outgoing::{Outgoing, Sent};

/// A room where something is watched. Its host is the first who comes.
pub(crate) struct Theatre {
    app: App,
    clock: Arc<SettableClock>,
    diary: Arc<Diary>,
    outgoing: Arc<Outgoing>,
    registry: Arc<SocketRegistry>,
    room: Option<RoomCode>,
    /// What the gateway says of each socket.
    contexts: HashMap<String, Value>,
}

impl Theatre {
    pub(crate) async fn open(seed: u64, at: Timestamp) -> Result<Self, Failure> {
        let clock = Arc::new(SettableClock::at(at));
        let random = Arc::new(SeededRandom::new(seed));
        let table = Arc::new(SqliteTable::in_memory(clock.clone())?);
        let diary = Arc::new(Diary::new(clock.clone()));
        let registry = SocketRegistry::start(OutboxLimits::default());
        let sockets = LocalChannelLayer::new(registry.clone(), diary.clone(), clock.clone(), random.clone());
        let sockets = Arc::new(sockets);
        let outgoing = Arc::new(Outgoing::new(sockets.clone()));
        let ports = Ports {
            log: Arc::new(SqliteRoomLog::new(table.clone(), clock.clone(), random.clone())),
            table,
            turns: Arc::new(LocalTurns::default()),
            jobs: diary.clone(),
            ..Ports::absent(clock.clone(), random)
        };
        let ports = Ports { sender: outgoing.clone(), ..ports.with_sockets(sockets) };
        let app = App::new(ports, Settings::new("https://parlor.example.org"));
        Ok(Self { app, clock, diary, outgoing, registry, room: None, contexts: HashMap::new() })
    }

    /// Does all that is due by then, each thing at its moment.
    pub(crate) async fn pass_time(&self, to: Timestamp) -> Result<(), Failure> {
        while let Some((due, job)) = self.diary.take(to) {
            self.clock.set(due.max(self.clock.now()));
            app::run_job(&self.app, job, None).await?;
        }
        self.clock.set(to.max(self.clock.now()));
        Ok(())
    }

    /// Lets somebody in who was not here before, and opens their socket.
    pub(crate) async fn seat(&mut self, name: &str) -> Result<(), Failure> {
        let signed_in = app::sign_in_guest(&self.app, name).await?;
        let room = self.enter(signed_in.user).await?;
        let outbox = self.registry.admit(name.parse()?, self.clock.now());
        let query = json!({ "path": format!("/ws/room/{room}/"), "token": signed_in.access_token });
        let handshake = self.event(name, json!({ "queryStringParameters": query }))?;
        let found = websocket::authorize(&self.app, &handshake).await;
        self.contexts.insert(name.to_owned(), json!(found.context));
        let connect = self.event(name, json!({ "queryStringParameters": query }))?;
        accepted(&websocket::connect(&self.app, &connect).await)?;
        self.registry.open(&outbox);
        Ok(())
    }

    /// A socket says something.
    pub(crate) async fn hear(&self, name: &str, text: String) -> Result<(), Failure> {
        let event = self.event(name, json!({ "body": text }))?;
        accepted(&websocket::message(&self.app, &event).await)
    }

    /// What was sent since the last time.
    pub(crate) fn sent(&self) -> Vec<Sent> {
        self.outgoing.take()
    }

    /// When something is due next.
    pub(crate) fn next(&self) -> Option<Timestamp> {
        self.diary.next()
    }

    async fn enter(&mut self, user: User) -> Result<RoomCode, Failure> {
        if let Some(room) = &self.room {
            app::join_room(&self.app, user.id, Some(room), &EntryPass::default()).await?;
            return Ok(room.clone());
        }
        let host = self.give_account(user).await?;
        let made = app::create_room(&self.app, host, NewRoom::default()).await?.room.code;
        Ok(self.room.insert(made).clone())
    }

    /// Guests may not create rooms.
    async fn give_account(&self, guest: User) -> Result<UserId, Failure> {
        let id = guest.id;
        let Write::Put(item, _) = Users::addition(&User { is_guest: false, expires_at: None, ..guest })?
        else {
            return Err("a person is put into the table".into());
        };
        self.app.ports().table.write(Write::Put(item, Condition::Exists)).await?;
        Ok(id)
    }

    /// An event of the gateway about a socket.
    fn event(&self, name: &str, mut event: Value) -> Result<GatewayEvent, Failure> {
        event["requestContext"] = json!({
            "connectionId": name,
            "requestTimeEpoch": self.clock.now().as_millis(),
            "authorizer": self.contexts.get(name),
        });
        Ok(serde_json::from_value(event)?)
    }
}

fn accepted(answer: &GatewayResponse) -> Result<(), Failure> {
    if answer.status_code == 200 { Ok(()) } else { Err(format!("answered {answer:?}").into()) }
}
