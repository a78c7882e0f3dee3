//! The in-process channel layer passes the contract.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use parlor::embedded::{LocalChannelLayer, Outbox, OutboxLimits, SocketRegistry};
use parlor::ports::{ChannelLayer, Clock, Connection, Endpoint, Identity, WelcomeLease};
use parlor::testing::SettableClock;
use parlor::testing::channel_contract::{ChannelHarness, ContractSocket, Received};

use crate::memory_wire::MemoryWire;

struct LocalHarness {
    clock: Arc<SettableClock>,
    registry: Arc<SocketRegistry>,
    layer: LocalChannelLayer,
    sockets: AtomicU64,
}

struct LocalSocket {
    connection: Connection,
    registry: Arc<SocketRegistry>,
    outbox: Arc<Outbox>,
    wire: Arc<MemoryWire>,
}

#[async_trait]
impl ChannelHarness for LocalHarness {
    type Socket = LocalSocket;

    async fn start() -> Self {
        let clock = Arc::new(SettableClock::default());
        let registry = SocketRegistry::start(OutboxLimits::default());
        let layer = LocalChannelLayer::new(registry.clone(), clock.clone());
        Self { clock, registry, layer, sockets: AtomicU64::new(0) }
    }

    fn layer(&self) -> &dyn ChannelLayer {
        &self.layer
    }

    async fn advance(&self, time: Duration) {
        self.clock.advance(time);
    }

    async fn begin(&self, endpoint: Endpoint, identity: Option<Identity>) -> LocalSocket {
        let number = self.sockets.fetch_add(1, Ordering::Relaxed);
        let id = format!("socket{number}").parse().unwrap();
        let connection = Connection { id, endpoint, identity, connected_at: self.clock.now() };
        let outbox = self.registry.admit(connection.id.clone(), self.clock.now());
        self.layer.register(&connection).await.unwrap();
        let wire = Arc::new(MemoryWire::default());
        LocalSocket { connection, registry: self.registry.clone(), outbox, wire }
    }

    async fn answer(&self, socket: &mut LocalSocket) {
        self.registry.open(&socket.outbox);
        socket.outbox.attach(socket.wire.clone());
    }

    fn row(&self, connection: &Connection) -> String {
        let user = connection.identity.as_ref().map_or(0, |identity| identity.user.0);
        format!("{user}#{}", connection.id)
    }
}

#[async_trait]
impl ContractSocket for LocalSocket {
    fn connection(&self) -> &Connection {
        &self.connection
    }

    async fn receive(&mut self) -> Received {
        self.wire.receive().await
    }

    async fn break_off(&mut self) {
        self.wire.break_off();
        self.registry.remove(&self.connection.id);
    }
}

parlor::channel_layer_contract_tests!(LocalHarness);

#[tokio::test]
async fn a_welcome_that_is_quicker_than_the_handshakes_answer_waits_for_it() {
    let harness = LocalHarness::start().await;
    let mut socket = harness.begin(Endpoint::Feed, None).await;
    let id = socket.connection.id.clone();
    let (lease, ()) = tokio::join!(harness.layer.lease_welcome(&id), harness.answer(&mut socket));
    assert!(matches!(lease.unwrap(), WelcomeLease::Granted(_)));
}
