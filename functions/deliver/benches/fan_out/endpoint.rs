//! local-dev's gateway with many open sockets, and what has reached them.

use std::io::Read;
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use emulator::gateway::{Edge, FunctionError, Functions, Gateway, GatewayConfig};
use emulator::listener::{Listener, ServerLimits, raise_open_file_limit};
use mio::{Events, Interest, Poll, Token};
use parlor::embedded::{OutboxLimits, SocketRegistry};
use parlor::inbound::gateway_event::{AuthorizerResponse, GatewayEvent, GatewayResponse};
use parlor::system::SystemClock;
use tokio_tungstenite::tungstenite::client::{IntoClientRequest as _, client};
use tokio_util::sync::CancellationToken;

use crate::{Failure, MESSAGE_BYTES};

/// A frame's head: messages of 126 to 65,535 bytes say their length in two bytes more.
const HEAD_BYTES: usize = 4;
/// Longer than this without any byte, and something is lost.
const STALL: Duration = Duration::from_secs(20);

/// A served gateway.
pub(crate) struct Endpoint {
    url: String,
    sockets: Vec<String>,
    received: Arc<AtomicUsize>,
    _runtime: tokio::runtime::Runtime,
}

/// Bytes that are to come.
pub(crate) struct Watch<'a> {
    endpoint: &'a Endpoint,
    until: usize,
    began: Instant,
}

/// Everybody may connect; their names are kept.
#[derive(Debug, Default)]
struct OpenDoor {
    names: Mutex<Vec<String>>,
}

#[async_trait]
impl Functions for OpenDoor {
    async fn authorize(&self, _: GatewayEvent) -> Result<Option<AuthorizerResponse>, FunctionError> {
        Ok(None)
    }

    async fn connect(&self, event: GatewayEvent) -> Result<GatewayResponse, FunctionError> {
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        names.push(event.request_context.connection_id.into());
        Ok(GatewayResponse::status(200))
    }

    async fn message(&self, _: Box<GatewayEvent>) -> Result<GatewayResponse, FunctionError> {
        Ok(GatewayResponse::status(200))
    }

    async fn disconnect(&self, _: GatewayEvent) -> Result<GatewayResponse, FunctionError> {
        Ok(GatewayResponse::status(200))
    }
}

impl Endpoint {
    /// A gateway with that many sockets, all of which are read.
    pub(crate) fn start(sockets: usize) -> Result<Self, Failure> {
        raise_open_file_limit();
        let runtime = tokio::runtime::Runtime::new()?;
        let door = Arc::new(OpenDoor::default());
        let port = runtime.block_on(serve(door.clone()))?;
        let streams = (0..sockets).map(|_| open_socket(port)).collect::<Result<Vec<_>, _>>()?;
        let received = Arc::new(AtomicUsize::new(0));
        let counter = received.clone();
        std::thread::spawn(move || count(streams, &counter));
        let names = std::mem::take(&mut *door.names.lock().unwrap_or_else(PoisonError::into_inner));
        Ok(Self {
            url: format!("http://127.0.0.1:{port}/local"),
            sockets: names,
            received,
            _runtime: runtime,
        })
    }

    /// Where its `@connections` are.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The name of a socket, round and round.
    pub(crate) fn socket(&self, n: usize) -> &str {
        &self.sockets[n % self.sockets.len()]
    }

    /// From now on, so many messages are to come.
    pub(crate) fn expect(&self, messages: usize) -> Watch<'_> {
        let bytes = messages * (MESSAGE_BYTES + HEAD_BYTES);
        Watch { endpoint: self, until: self.received.load(Ordering::Acquire) + bytes, began: Instant::now() }
    }
}

impl Watch<'_> {
    /// Waits until all has come; tells how long it took.
    #[expect(clippy::disallowed_methods, reason = "to be woken for each message would cost what is measured")]
    pub(crate) fn wait(self) -> Result<Duration, Failure> {
        let (mut seen, mut seen_at) = (0, Instant::now());
        loop {
            let received = self.endpoint.received.load(Ordering::Acquire);
            if received >= self.until {
                return Ok(self.began.elapsed());
            }
            if received != seen {
                (seen, seen_at) = (received, Instant::now());
            }
            if seen_at.elapsed() > STALL {
                return Err("nothing has come for a while".into());
            }
            std::thread::sleep(Duration::from_micros(500));
        }
    }
}

async fn serve(door: Arc<OpenDoor>) -> Result<u16, Failure> {
    let registry = SocketRegistry::start(OutboxLimits::default());
    let gateway = Gateway::new(GatewayConfig::default(), door, registry, Arc::new(SystemClock));
    let listener = Listener::bind("localhost", 0).await?;
    let port = listener.port();
    let routes = gateway.in_front_of(axum::Router::new(), Edge::ByPath);
    tokio::spawn(listener.serve(routes, ServerLimits::default(), CancellationToken::new()));
    Ok(port)
}

/// A socket of which nothing is left to be read but messages.
fn open_socket(port: u16) -> Result<TcpStream, Failure> {
    let stream = TcpStream::connect(("127.0.0.1", port))?;
    let request = format!("ws://127.0.0.1:{port}/").into_client_request()?;
    let (socket, _) = client(request, stream)?;
    Ok(socket.into_inner())
}

/// Reads whatever comes, for ever.
fn count(streams: Vec<TcpStream>, received: &AtomicUsize) {
    // Whoever waits for the bytes tells that they stopped coming.
    let _ = try_count(streams, received);
}

fn try_count(streams: Vec<TcpStream>, received: &AtomicUsize) -> Result<(), Failure> {
    let mut poll = Poll::new()?;
    let mut sockets = Vec::new();
    for (index, stream) in streams.into_iter().enumerate() {
        stream.set_nonblocking(true)?;
        let mut socket = mio::net::TcpStream::from_std(stream);
        poll.registry().register(&mut socket, Token(index), Interest::READABLE)?;
        sockets.push(socket);
    }
    let (mut events, mut scratch) = (Events::with_capacity(1024), vec![0; 64 * 1024]);
    loop {
        poll.poll(&mut events, None)?;
        for event in &events {
            // A read that doesn't fill the buffer has emptied the socket: the next byte is a new event.
            if let Ok(bytes) = sockets[event.token().0].read(&mut scratch) {
                received.fetch_add(bytes, Ordering::AcqRel);
            }
        }
    }
}
