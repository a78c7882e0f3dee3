//! Parlor's gateway and channel layer with the smallest functions there can be: what is said in a room is passed on to all of it
//! and stored nowhere. A socket's path is its room.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use emulator::gateway::{Edge, FunctionError, Functions, Gateway, GatewayConfig};
use emulator::listener::{Listener, ServerLimits};
use parlor::app::Ports;
use parlor::embedded::{LocalChannelLayer, OutboxLimits, SocketRegistry};
use parlor::ids::RoomCode;
use parlor::inbound::gateway_event::{AuthorizerResponse, GatewayEvent, GatewayResponse};
use parlor::ports::{
    Broadcast, Clock, Connection, Connections as _, Endpoint, Group, Groups as _, Random, Sender as _,
};
use parlor::protocol::Frame;
use parlor::system::{OsRandom, SystemClock};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::Failure;

/// The name under which the authorizer hands a room on.
const ROOM: &str = "room";

/// Prints its port, and serves until it is killed.
pub(crate) fn serve() -> Result<bool, Failure> {
    emulator::runtime()?.block_on(async {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let registry = SocketRegistry::start(OutboxLimits::default());
        let random: Arc<dyn Random> = Arc::new(OsRandom);
        // Nobody is present by a socket without a person: no job is ever enqueued.
        let jobs = Ports::absent(clock.clone(), random.clone()).jobs;
        let channels = Arc::new(LocalChannelLayer::new(registry.clone(), jobs, clock.clone(), random));
        let functions = Arc::new(Rooms { channels, clock: clock.clone(), ids: AtomicU64::new(1) });
        // As in local-dev: what was said first is done first.
        let config = GatewayConfig { messages_at_a_time: 1, ..GatewayConfig::default() };
        let gateway = Gateway::new(config, functions, registry, clock);
        let listener = Listener::bind("localhost", 0).await?;
        println!("{}", listener.port());
        let stop = CancellationToken::new();
        listener.serve(gateway.alone(Edge::ByPath), ServerLimits::default(), stop).await;
        Ok(true)
    })
}

#[derive(Debug)]
struct Rooms {
    channels: Arc<LocalChannelLayer>,
    clock: Arc<dyn Clock>,
    ids: AtomicU64,
}

impl Rooms {
    async fn join(&self, event: &GatewayEvent) -> Result<(), Failure> {
        let (id, room) = (event.request_context.connection_id.parse()?, room(event)?);
        let connection = Connection::new(id, Endpoint::Chat(room.clone()), None, self.clock.now());
        self.channels.register(&connection).await?;
        self.channels.join(&Group::Room(room), &connection, None).await?;
        Ok(())
    }

    async fn pass_on(&self, event: &GatewayEvent) -> Result<(), Failure> {
        let said: Value = serde_json::from_str(event.body.as_deref().unwrap_or_default())?;
        let room = room(event)?;
        let id = self.ids.fetch_add(1, Ordering::Relaxed);
        let told = json!({
            "type": "CHAT_MESSAGE", "id": id, "room": room.as_str(), "message": said["message"],
            "created_at": self.clock.now(), "user": "somebody",
        });
        let broadcast = Broadcast::same(Frame::new(told.to_string())?);
        self.channels.publish(&Group::Room(room), &broadcast).await?;
        Ok(())
    }

    async fn forget(&self, event: &GatewayEvent) -> Result<(), Failure> {
        self.channels.forget(&event.request_context.connection_id.parse()?).await?;
        Ok(())
    }
}

fn room(event: &GatewayEvent) -> Result<RoomCode, Failure> {
    Ok(event.context(ROOM).ok_or("no room")?.parse()?)
}

#[async_trait]
impl Functions for Rooms {
    async fn authorize(&self, event: GatewayEvent) -> Result<Option<AuthorizerResponse>, FunctionError> {
        let room = event.query("path").unwrap_or_default().trim_matches('/').to_owned();
        let context = [(ROOM.to_owned(), room)].into();
        Ok(Some(AuthorizerResponse::allow(&event, "anonymous".to_owned(), context)))
    }

    async fn connect(&self, event: GatewayEvent) -> Result<GatewayResponse, FunctionError> {
        answer(self.join(&event).await)
    }

    async fn message(&self, event: Box<GatewayEvent>) -> Result<GatewayResponse, FunctionError> {
        answer(self.pass_on(&event).await)
    }

    async fn disconnect(&self, event: GatewayEvent) -> Result<GatewayResponse, FunctionError> {
        answer(self.forget(&event).await)
    }
}

fn answer(done: Result<(), Failure>) -> Result<GatewayResponse, FunctionError> {
    done.map(|()| GatewayResponse::status(200)).map_err(FunctionError::Failed)
}
