//! The layer passes the contract, on a table in memory and on DynamoDB Local, both with an imitated gateway.

use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::{Mutex, OnceLock, Weak};

use real_servers::DynamoDbLocal;
use tokio::sync::mpsc;

use super::super::*;
use crate::aws::DynamoTable;
use crate::aws::management_api::Posted;
use crate::aws::recording_table::RecordingTable;
use crate::aws::replay::{JumpingClock, sdk_config};
use crate::channel_contract_tests;
use crate::ports::{Content, Endpoint, Identity, Job};
use crate::protocol::Dialect;
use crate::system::OsRandom;
use crate::testing::SeededRandom;
use crate::testing::channel_contract::{ChannelHarness, ContractSocket, Received};

type Line = mpsc::UnboundedSender<Received>;

#[derive(Debug, Default)]
struct Gateway {
    /// The open sockets: those whose handshake was answered, until they end.
    lines: Mutex<HashMap<ConnectionId, Line>>,
    written: Mutex<Vec<ConnectionId>>,
}

#[async_trait]
impl Post for Gateway {
    async fn post(&self, id: &ConnectionId, frame: &Frame) -> Posted {
        let lines = self.lines.lock().unwrap();
        let sent = lines.get(id).map(|line| line.send(Received::Text(frame.as_str().to_owned())));
        if !matches!(sent, Some(Ok(()))) {
            return Posted::Gone;
        }
        self.written.lock().unwrap().push(id.clone());
        Posted::Sent
    }

    async fn delete(&self, id: &ConnectionId) -> Posted {
        let line = self.lines.lock().unwrap().remove(id);
        let closed = line.map(|line| line.send(Received::Closed(None)));
        if matches!(closed, Some(Ok(()))) { Posted::Sent } else { Posted::Gone }
    }
}

/// A queue that goes on with fan-outs at once unless they are delayed, and keeps all else.
#[derive(Debug, Default)]
struct EagerQueue {
    layer: OnceLock<Weak<ApiGatewayChannelLayer>>,
    kept: Mutex<Vec<(Job, Duration)>>,
}

#[async_trait]
impl Jobs for EagerQueue {
    async fn enqueue(&self, jobs: Vec<(Job, Duration)>) -> Result<(), JobsError> {
        let layer = self.layer.get().and_then(Weak::upgrade).unwrap();
        for (job, delay) in jobs {
            match job {
                Job::FanOut { piece } if delay.is_zero() => {
                    let Content::Given(broadcast) = piece.content.clone() else { panic!("{piece:?}") };
                    let resumed = layer.resume(piece, &broadcast, None).await;
                    resumed.map_err(|error| JobsError(error.into()))?;
                }
                // Those whose handshake is still to be answered get it later, or never.
                Job::FanOut { .. } => {}
                other => self.kept.lock().unwrap().push((other, delay)),
            }
        }
        Ok(())
    }
}

/// Where a layer's rows lie.
#[async_trait]
trait Place: Send + Sync {
    async fn table(clock: Arc<JumpingClock>) -> Arc<dyn Table>;
}

struct InMemory;

#[async_trait]
impl Place for InMemory {
    async fn table(clock: Arc<JumpingClock>) -> Arc<dyn Table> {
        Arc::new(RecordingTable::new(clock))
    }
}

struct OnDynamoDbLocal;

#[async_trait]
impl Place for OnDynamoDbLocal {
    async fn table(clock: Arc<JumpingClock>) -> Arc<dyn Table> {
        let server = DynamoDbLocal::shared().await;
        let http = aws_smithy_http_client::Builder::new().build_http();
        let sdk = sdk_config(vec![]).1.to_builder().http_client(http).endpoint_url(server.endpoint()).build();
        let client = aws_sdk_dynamodb::Client::new(&sdk);
        Arc::new(DynamoTable::new(client, server.make_table().await, clock, Arc::new(OsRandom)))
    }
}

struct Harness<P> {
    place: PhantomData<P>,
    clock: Arc<JumpingClock>,
    gateway: Arc<Gateway>,
    queue: Arc<EagerQueue>,
    layer: Arc<ApiGatewayChannelLayer>,
    opened: Mutex<u32>,
}

struct Socket {
    connection: Connection,
    gateway: Arc<Gateway>,
    line: Line,
    received: mpsc::UnboundedReceiver<Received>,
}

#[async_trait]
impl ContractSocket for Socket {
    fn connection(&self) -> &Connection {
        &self.connection
    }

    async fn receive(&mut self) -> Received {
        self.received.recv().await.unwrap()
    }

    async fn break_off(&mut self) {
        self.gateway.lines.lock().unwrap().remove(&self.connection.id);
    }
}

#[async_trait]
impl<P: Place> ChannelHarness for Harness<P> {
    type Layer = ApiGatewayChannelLayer;
    type Socket = Socket;

    async fn start() -> Self {
        let clock = Arc::new(JumpingClock::default());
        let gateway = Arc::new(Gateway::default());
        let queue = Arc::new(EagerQueue::default());
        let layer = Arc::new(ApiGatewayChannelLayer::on(
            P::table(clock.clone()).await,
            queue.clone(),
            gateway.clone(),
            clock.clone(),
            Arc::new(SeededRandom::new(1)),
            NonZeroU32::new(1_000_000).unwrap(),
        ));
        queue.layer.set(Arc::downgrade(&layer)).unwrap();
        Self { place: PhantomData, clock, gateway, queue, layer, opened: Mutex::default() }
    }

    fn layer(&self) -> &ApiGatewayChannelLayer {
        &self.layer
    }

    async fn advance(&self, time: Duration) {
        self.clock.advance(time);
    }

    async fn begin(&self, endpoint: Endpoint, dialect: Dialect, identity: Option<Identity>) -> Socket {
        let number = {
            let mut opened = self.opened.lock().unwrap();
            *opened += 1;
            *opened
        };
        let id = format!("{number:015}=").parse().unwrap();
        let connection = Connection { dialect, ..Connection::new(id, endpoint, identity, self.clock.now()) };
        self.layer.register(&connection).await.unwrap();
        let (line, received) = mpsc::unbounded_channel();
        Socket { connection, gateway: self.gateway.clone(), line, received }
    }

    async fn answer(&self, socket: &mut Socket) {
        let mut lines = self.gateway.lines.lock().unwrap();
        lines.insert(socket.connection.id.clone(), socket.line.clone());
    }

    fn take_checks(&self) -> Vec<(Job, Duration)> {
        std::mem::take(&mut self.queue.kept.lock().unwrap())
    }

    fn take_written(&self) -> Vec<ConnectionId> {
        std::mem::take(&mut self.gateway.written.lock().unwrap())
    }
}

mod in_memory {
    use super::*;

    channel_contract_tests!(Harness<InMemory>);
}

mod on_dynamo_db_local {
    use super::*;

    channel_contract_tests!(#[ignore = "needs Java and DynamoDB Local: cargo xtask e2e"] Harness<OnDynamoDbLocal>);
}
