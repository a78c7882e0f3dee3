//! The adapter of one process passes the contract.

use std::io::{self, IoSlice};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use parlor::embedded::{LocalChannelLayer, Outbox, OutboxLimits, SocketRegistry, Wire};
use parlor::ids::ConnectionId;
use parlor::ports::{
    Clock, Connection, Connections as _, Endpoint, Identity, Job, Jobs, JobsError, WelcomeLease,
};
use parlor::protocol::Dialect;
use parlor::system::OsRandom;
use parlor::testing::SettableClock;
use parlor::testing::channel_contract::{ChannelHarness, ContractSocket, Received};

use crate::memory_wire::MemoryWire;

struct LocalHarness {
    clock: Arc<SettableClock>,
    registry: Arc<SocketRegistry>,
    jobs: Arc<KeptJobs>,
    layer: LocalChannelLayer,
    written: Arc<Mutex<Vec<ConnectionId>>>,
    sockets: AtomicU64,
}

struct LocalSocket {
    connection: Connection,
    registry: Arc<SocketRegistry>,
    outbox: Arc<Outbox>,
    wire: Arc<MemoryWire>,
}

/// A queue that keeps its jobs.
#[derive(Debug, Default)]
struct KeptJobs(Mutex<Vec<(Job, Duration)>>);

#[async_trait]
impl Jobs for KeptJobs {
    async fn enqueue(&self, jobs: Vec<(Job, Duration)>) -> Result<(), JobsError> {
        self.0.lock().unwrap().extend(jobs);
        Ok(())
    }
}

/// A wire of which it is known when it was written to.
#[derive(Debug)]
struct ListedWire {
    wire: Arc<MemoryWire>,
    id: ConnectionId,
    written: Arc<Mutex<Vec<ConnectionId>>>,
}

#[async_trait]
impl Wire for ListedWire {
    fn try_write(&self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        let taken = self.wire.try_write(slices)?;
        self.written.lock().unwrap().push(self.id.clone());
        Ok(taken)
    }

    async fn writable(&self) -> io::Result<()> {
        self.wire.writable().await
    }

    fn finish(&self) {
        self.wire.finish();
    }

    fn abort(&self) {
        self.wire.abort();
    }
}

#[async_trait]
impl ChannelHarness for LocalHarness {
    type Layer = LocalChannelLayer;
    type Socket = LocalSocket;

    async fn start() -> Self {
        let clock = Arc::new(SettableClock::default());
        let registry = SocketRegistry::start(OutboxLimits::default());
        let jobs = Arc::new(KeptJobs::default());
        let layer = LocalChannelLayer::new(registry.clone(), jobs.clone(), clock.clone(), Arc::new(OsRandom));
        Self { clock, registry, jobs, layer, written: Arc::default(), sockets: AtomicU64::new(0) }
    }

    fn layer(&self) -> &LocalChannelLayer {
        &self.layer
    }

    async fn advance(&self, time: Duration) {
        self.clock.advance(time);
    }

    async fn begin(&self, endpoint: Endpoint, dialect: Dialect, identity: Option<Identity>) -> LocalSocket {
        let number = self.sockets.fetch_add(1, Ordering::Relaxed);
        let id = format!("socket{number}").parse().unwrap();
        let connection = Connection { dialect, ..Connection::new(id, endpoint, identity, self.clock.now()) };
        let outbox = self.registry.admit(connection.id.clone(), self.clock.now());
        self.layer.register(&connection).await.unwrap();
        let wire = Arc::new(MemoryWire::default());
        LocalSocket { connection, registry: self.registry.clone(), outbox, wire }
    }

    async fn answer(&self, socket: &mut LocalSocket) {
        self.registry.open(&socket.outbox);
        let (wire, id) = (socket.wire.clone(), socket.connection.id.clone());
        socket.outbox.attach(Arc::new(ListedWire { wire, id, written: self.written.clone() }));
    }

    fn take_checks(&self) -> Vec<(Job, Duration)> {
        std::mem::take(&mut self.jobs.0.lock().unwrap())
    }

    fn take_written(&self) -> Vec<ConnectionId> {
        std::mem::take(&mut self.written.lock().unwrap())
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

parlor::channel_contract_tests!(LocalHarness);

#[tokio::test]
async fn a_welcome_that_is_quicker_than_the_handshakes_answer_waits_for_it() {
    let harness = LocalHarness::start().await;
    let mut socket = harness.begin(Endpoint::Feed, Dialect::Feed, None).await;
    let id = socket.connection.id.clone();
    let (lease, ()) = tokio::join!(harness.layer.lease_welcome(&id), harness.answer(&mut socket));
    assert!(matches!(lease.unwrap(), WelcomeLease::Granted(_)));
}
