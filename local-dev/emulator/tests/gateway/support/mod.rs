//! A gateway on a free port, functions that do what the client asks of them, and a client that can misbehave.

mod client;
mod functions;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use emulator::gateway::{Edge, Gateway, GatewayConfig, Refusals};
use emulator::listener::{Listener, ServerLimits};
use parlor::embedded::{OutboxLimits, SocketRegistry};
use parlor::inbound::gateway_event::GatewayEvent;
use parlor::testing::SettableClock;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::{Mutex, Semaphore};
use tokio_util::sync::CancellationToken;

pub(crate) use self::client::{Answer, Client, Frame, encode, handshake, request};
use self::functions::ObedientFunctions;

/// What has not come by then does not come.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct TestGateway {
    pub(crate) port: u16,
    pub(crate) feed_port: u16,
    pub(crate) gateway: Arc<Gateway>,
    pub(crate) registry: Arc<SocketRegistry>,
    pub(crate) clock: Arc<SettableClock>,
    /// Lets one function go on that was told to wait.
    pub(crate) releases: Arc<Semaphore>,
    events: Mutex<UnboundedReceiver<GatewayEvent>>,
}

/// As on AWS, refusals included.
pub(crate) fn aws() -> GatewayConfig {
    GatewayConfig { refusals: Refusals::Status, ..GatewayConfig::default() }
}

impl TestGateway {
    pub(crate) async fn start() -> Self {
        Self::with(aws(), OutboxLimits::default()).await
    }

    pub(crate) async fn with(config: GatewayConfig, limits: OutboxLimits) -> Self {
        let clock = Arc::new(SettableClock::default());
        let registry = SocketRegistry::start(limits);
        let releases = Arc::new(Semaphore::new(0));
        let (functions, events) = ObedientFunctions::new(releases.clone());
        let gateway = Gateway::new(config, Arc::new(functions), registry.clone(), clock.clone());
        let application = Router::new().route("/", get(|| async { "the application" }));
        let port = serve(gateway.in_front_of(application, Edge::ByPath)).await;
        let feed_port = serve(gateway.alone(Edge::Always("/ws/feed/".to_owned()))).await;
        Self { port, feed_port, gateway, registry, clock, releases, events: Mutex::new(events) }
    }

    /// An open socket, and its name.
    pub(crate) async fn open(&self, target: &str) -> (Client, String) {
        let client = handshake(self.port, target, &[]).await.opened();
        let event = self.event("CONNECT").await;
        (client, event.request_context.connection_id.into())
    }

    /// The next event of a kind; others before it are passed over.
    pub(crate) async fn event(&self, kind: &str) -> GatewayEvent {
        let mut events = self.events.lock().await;
        loop {
            let event = tokio::time::timeout(PATIENCE, events.recv()).await;
            let event = event.unwrap_or_else(|_| panic!("no {kind} event")).unwrap();
            if event.request_context.event_type == kind && event.kind.is_none() {
                return event;
            }
        }
    }

    /// The authorizer's next event.
    pub(crate) async fn authorizer_event(&self) -> GatewayEvent {
        let mut events = self.events.lock().await;
        loop {
            let event = tokio::time::timeout(PATIENCE, events.recv()).await.unwrap().unwrap();
            if event.kind.is_some() {
                return event;
            }
        }
    }

    /// All events that have come and were not asked for.
    pub(crate) async fn events_so_far(&self) -> Vec<GatewayEvent> {
        let mut events = self.events.lock().await;
        std::iter::from_fn(|| events.try_recv().ok()).collect()
    }

    /// The close code and reason of the next `$disconnect`.
    pub(crate) async fn disconnected(&self) -> (u16, String) {
        let context = self.event("DISCONNECT").await.request_context;
        (context.disconnect_status_code.unwrap(), context.disconnect_reason.unwrap().into())
    }
}

async fn serve(routes: Router) -> u16 {
    let listener = Listener::bind("127.0.0.1", 0).await.unwrap();
    let port = listener.port();
    tokio::spawn(listener.serve(routes, ServerLimits::default(), CancellationToken::new()));
    port
}
