//! What the benchmarks share: a gateway with the smallest functions there can be, and cheap clients.

use std::error::Error;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use emulator::gateway::{Edge, FunctionError, Functions, Gateway, GatewayConfig};
use emulator::listener::{Listener, ServerLimits};
use parlor::app::Ports;
use parlor::embedded::{LocalChannelLayer, OutboxLimits, SocketRegistry};
use parlor::inbound::gateway_event::{AuthorizerResponse, GatewayEvent, GatewayResponse};
use parlor::ports::{Clock, Connection, Connections as _, Endpoint, Group, Groups as _, Random};
use parlor::system::{OsRandom, SystemClock};
use tokio_util::sync::CancellationToken;

/// Whatever went wrong.
pub(crate) type Failure = Box<dyn Error + Send + Sync>;

/// A served gateway.
pub(crate) struct Server {
    pub(crate) port: u16,
    pub(crate) channels: Arc<LocalChannelLayer>,
    _gateway: Arc<Gateway>,
}

/// Every socket is one of the feed.
#[derive(Debug)]
struct FeedFunctions {
    channels: Arc<LocalChannelLayer>,
    clock: Arc<dyn Clock>,
}

impl FeedFunctions {
    async fn join_feed(&self, event: &GatewayEvent) -> Result<(), Failure> {
        let id = event.request_context.connection_id.parse()?;
        let connection = Connection::new(id, Endpoint::Feed, None, self.clock.now());
        self.channels.register(&connection).await?;
        self.channels.join(&Group::Feed, &connection, None).await?;
        Ok(())
    }
}

#[async_trait]
impl Functions for FeedFunctions {
    async fn authorize(&self, event: GatewayEvent) -> Result<Option<AuthorizerResponse>, FunctionError> {
        let context = [("endpoint".to_owned(), "feed".to_owned())].into();
        Ok(Some(AuthorizerResponse::allow(&event, "anonymous".to_owned(), context)))
    }

    async fn connect(&self, event: GatewayEvent) -> Result<GatewayResponse, FunctionError> {
        self.join_feed(&event).await.map_err(FunctionError::Failed)?;
        Ok(GatewayResponse::status(200))
    }

    async fn message(&self, _: Box<GatewayEvent>) -> Result<GatewayResponse, FunctionError> {
        Ok(GatewayResponse::status(200))
    }

    async fn disconnect(&self, event: GatewayEvent) -> Result<GatewayResponse, FunctionError> {
        let id = event
            .request_context
            .connection_id
            .parse()
            .map_err(|error| FunctionError::Failed(Box::new(error)))?;
        self.channels.forget(&id).await.map_err(|error| FunctionError::Failed(error.into()))?;
        Ok(GatewayResponse::status(200))
    }
}

impl Server {
    /// Serves a gateway on a free port.
    pub(crate) async fn start() -> Result<Self, Failure> {
        emulator::listener::raise_open_file_limit();
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let registry = SocketRegistry::start(OutboxLimits::default());
        let random: Arc<dyn Random> = Arc::new(OsRandom);
        // Nobody is present on the feed: no job is ever enqueued.
        let jobs = Ports::absent(clock.clone(), random.clone()).jobs;
        let channels = Arc::new(LocalChannelLayer::new(registry.clone(), jobs, clock.clone(), random));
        let functions = Arc::new(FeedFunctions { channels: channels.clone(), clock: clock.clone() });
        let gateway = Gateway::new(GatewayConfig::default(), functions, registry, clock);
        let listener = Listener::bind("localhost", 0).await?;
        let port = listener.port();
        let routes = gateway.alone(Edge::Always("/ws/feed/".to_owned()));
        tokio::spawn(listener.serve(routes, ServerLimits::default(), CancellationToken::new()));
        Ok(Self { port, channels, _gateway: gateway })
    }
}

/// Opens a socket; nothing of it is left to be read but messages.
pub(crate) fn open_socket(port: u16) -> Result<TcpStream, Failure> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let request = format!(
        "GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    stream.write_all(request.as_bytes())?;
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    if head.starts_with(b"HTTP/1.1 101") { Ok(stream) } else { Err("the handshake was refused".into()) }
}

/// Whether cargo runs this as a benchmark, and not along with the tests.
pub(crate) fn is_wanted() -> bool {
    std::env::args().any(|argument| argument == "--bench")
}
