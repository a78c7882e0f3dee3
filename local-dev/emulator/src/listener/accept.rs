//! Accepts connections and serves HTTP/1.1 on them.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::Request;
use hyper::body::{Body as _, Incoming};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

use super::places::Place;
use super::sent_head::HeadTap;
use super::timed_body::TimedBody;
use super::{BodyPace, PeerAddress, PeerStream, ServerLimits};

/// How long to wait after an error that is not the connection's fault, such as too many open files.
const BREATHER: Duration = Duration::from_millis(100);
/// hyper reads and writes through a buffer of at least this size.
const MIN_BUFFER: usize = 8 * 1024;

/// What is the same for all connections.
struct Server {
    router: Router,
    http: http1::Builder,
    limits: ServerLimits,
    stop: CancellationToken,
    connections: TaskTracker,
}

/// Serves all sockets until told to stop.
pub(super) async fn serve(
    sockets: Vec<TcpListener>,
    router: Router,
    limits: ServerLimits,
    stop: CancellationToken,
) {
    let server =
        Arc::new(Server { router, http: http(&limits), limits, stop, connections: TaskTracker::new() });
    let loops = sockets.into_iter().map(|socket| Arc::clone(&server).accept_all(socket));
    futures_util::future::join_all(loops).await;
    server.connections.close();
    server.connections.wait().await;
}

fn http(limits: &ServerLimits) -> http1::Builder {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(limits.header_timeout)
        .max_header_size(limits.header_bytes)
        .max_buf_size(limits.header_bytes.max(MIN_BUFFER) * 2);
    http
}

impl Server {
    async fn accept_all(self: Arc<Self>, socket: TcpListener) {
        loop {
            let accepted = tokio::select! {
                accepted = self.accept(&socket) => accepted,
                () = self.stop.cancelled() => return,
            };
            match accepted {
                Some((stream, place, peer)) => {
                    self.connections.spawn(Arc::clone(&self).serve_one(stream, place, peer));
                }
                None => tokio::time::sleep(BREATHER).await,
            }
        }
    }

    /// The next connection; none after an error that calls for a pause.
    async fn accept(&self, socket: &TcpListener) -> Option<(TcpStream, Place, SocketAddr)> {
        let mut free = self.limits.places.next().await?;
        loop {
            match socket.accept().await {
                Ok((stream, peer)) => match self.limits.places.give(free, peer.ip()) {
                    Ok(place) => {
                        configure(&stream);
                        return Some((stream, place, peer));
                    }
                    // Whoever has so many connections sees this one closed.
                    Err(refused) => free = refused,
                },
                Err(error) if concerns_one(&error) => {}
                Err(error) => {
                    tracing::warn!(%error, "no connection could be accepted");
                    return None;
                }
            }
        }
    }

    async fn serve_one(self: Arc<Self>, stream: TcpStream, place: Place, peer: SocketAddr) {
        let tap = HeadTap::new(self.limits.header_bytes);
        let stream = PeerStream::new(stream, place, tap.clone(), self.limits.answer_timeout);
        let pace = self.limits.body_pace;
        let service = TowerToHyperService::new(
            self.router.clone().map_request(move |request| described(request, peer, &tap, pace)),
        );
        let connection = self.http.serve_connection(TokioIo::new(stream), service).with_upgrades();
        let mut connection = std::pin::pin!(connection);
        tokio::select! {
            // Errors are the client's: a broken connection, or not HTTP.
            _ = connection.as_mut() => return,
            () = self.stop.cancelled() => connection.as_mut().graceful_shutdown(),
        }
        let _ = tokio::time::timeout(self.limits.grace, connection).await;
    }
}

/// A request with what only the connection knows of it.
fn described(
    mut request: Request<Incoming>,
    peer: SocketAddr,
    tap: &HeadTap,
    pace: BodyPace,
) -> Request<TimedBody> {
    let head = tap.take(request.headers(), !request.body().is_end_stream());
    let extensions = request.extensions_mut();
    extensions.insert(PeerAddress(peer));
    if let Some(head) = head {
        extensions.insert(head);
    }
    request.map(|body| TimedBody::new(body, pace))
}

/// Small messages go out at once. It fails only for a connection that is gone already.
fn configure(stream: &TcpStream) {
    let _ = stream.set_nodelay(true);
}

/// Whether an error of accepting is about that one connection alone.
fn concerns_one(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset)
}
