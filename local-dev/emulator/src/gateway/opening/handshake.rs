//! From a request for a WebSocket to an open one, or to a refusal.

use std::borrow::Cow;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, Response, StatusCode};
use futures_util::FutureExt as _;
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use parlor::embedded::{Ending, Outbox};
use parlor::inbound::gateway_event::{AuthorizerResponse, GatewayResponse};
use serde::Deserialize;
use tokio::sync::oneshot;

use crate::gateway::answers::{refusal, switching};
use crate::gateway::events::Origin;
use crate::gateway::functions::FunctionError;
use crate::gateway::ids::new_connection_id;
use crate::gateway::log;
use crate::gateway::socket::Socket;
use crate::gateway::tcp_wire::TcpWire;
use crate::gateway::upgrade_request::UpgradeRequest;
use crate::gateway::{Edge, Gateway, Refusals};
use crate::listener::{PeerAddress, PeerStream};

/// The most that an authorizer may answer, in bytes.
const MAX_AUTHORIZER_BYTES: usize = 8 * 1024;
/// How a socket ended whose client was gone before it was open.
const ABNORMAL: u16 = 1006;

/// What was decided about a handshake.
enum Decision {
    /// The socket opens.
    Open(Arc<Socket>, Option<String>),
    /// The socket opens to be closed at once.
    CloseAtOnce(Arc<Outbox>, Ending, Option<String>),
    /// No socket.
    Refuse(StatusCode),
}

/// The body of a refusal that names a close code.
#[derive(Deserialize)]
struct ReadableRefusal {
    close: u16,
    #[serde(default)]
    code: String,
}

impl Gateway {
    /// Answers a request for a WebSocket. The answer is pending until the functions have decided; should the client
    /// go away meanwhile, they are not disturbed.
    pub async fn upgrade(self: Arc<Self>, mut request: Request<Body>, edge: &Edge) -> Response<Body> {
        let on_upgrade = hyper::upgrade::on(&mut request);
        let parts = request.into_parts().0;
        let upgrade = match self.check(&parts, edge) {
            Ok(upgrade) => upgrade,
            Err(status) => {
                log::refused(parts.uri.path(), status);
                return refusal(status);
            }
        };
        let (answer, answered) = oneshot::channel();
        let tasks = self.tasks.clone();
        tasks.spawn(self.negotiate(upgrade, on_upgrade, answer));
        // The sender is only dropped unused if negotiating crashed.
        answered.await.unwrap_or_else(|_| refusal(StatusCode::INTERNAL_SERVER_ERROR))
    }

    fn check(&self, parts: &axum::http::request::Parts, edge: &Edge) -> Result<UpgradeRequest, StatusCode> {
        if self.is_stopping() {
            return Err(StatusCode::SERVICE_UNAVAILABLE);
        }
        let uri = &parts.uri;
        if uri.path_and_query().is_some_and(|target| target.as_str().len() > self.config.max_url_chars) {
            return Err(StatusCode::URI_TOO_LONG);
        }
        let query = edge.query(&self.config.stage, uri.path(), uri.query().unwrap_or_default());
        let query = query.ok_or(StatusCode::FORBIDDEN)?;
        let peer = parts.extensions.get::<PeerAddress>();
        let peer = peer.ok_or(StatusCode::INTERNAL_SERVER_ERROR)?.0.ip();
        UpgradeRequest::parse(parts, peer, query, self.clock.now())
    }

    async fn negotiate(
        self: Arc<Self>,
        request: UpgradeRequest,
        on_upgrade: OnUpgrade,
        answer: oneshot::Sender<Response<Body>>,
    ) {
        match self.decide(&request).await {
            Decision::Refuse(status) => {
                log::refused(request.path(), status);
                let _ = answer.send(refusal(status));
            }
            Decision::CloseAtOnce(outbox, ending, protocol) => {
                log::closed_at_once(request.path(), &ending);
                if let Some((wire, _)) = switch(&request, protocol, on_upgrade, answer).await {
                    close_at_once(&outbox, ending, wire).await;
                }
                self.registry.remove(outbox.id());
            }
            Decision::Open(socket, protocol) => {
                match switch(&request, protocol, on_upgrade, answer).await {
                    Some((wire, early)) => {
                        log::opened(&socket.origin, request.path());
                        let wire = Arc::new(wire);
                        socket.outbox.attach(wire.clone());
                        // A task of its own, as small as an idle socket's should be.
                        self.tasks.spawn(Arc::clone(&self).run_socket(socket, wire, early));
                    }
                    None => self.never_opened(socket).await,
                }
            }
        }
    }

    /// Asks the authorizer, then `$connect`.
    async fn decide(self: &Arc<Self>, request: &UpgradeRequest) -> Decision {
        let now = self.clock.now();
        let Ok(id) = new_connection_id() else {
            return Decision::Refuse(StatusCode::INTERNAL_SERVER_ERROR);
        };
        let outbox = self.registry.admit(id.clone(), now);
        let mut origin = Origin::new(id.clone(), request, now);
        let decision = match self.authorize(&mut origin, request).await {
            Ok(()) => self.connect(origin, outbox, request).await,
            Err(status) => Decision::Refuse(status),
        };
        if matches!(decision, Decision::Refuse(_)) {
            self.registry.remove(&id);
        }
        decision
    }

    async fn authorize(
        self: &Arc<Self>,
        origin: &mut Origin,
        request: &UpgradeRequest,
    ) -> Result<(), StatusCode> {
        let event = origin.authorizer_event(&self.config, request, self.clock.now());
        let functions = Arc::clone(&self.functions);
        match self.invoke(async move { functions.authorize(event).await }).await {
            Ok(None) => Ok(()),
            Ok(Some(response)) if too_large(&response) => Err(StatusCode::INTERNAL_SERVER_ERROR),
            Ok(Some(response)) if response.allows() => {
                origin.authorize(response);
                Ok(())
            }
            Ok(Some(_)) => Err(StatusCode::FORBIDDEN),
            Err(FunctionError::Unauthorized) => Err(StatusCode::UNAUTHORIZED),
            Err(error) => {
                log::failure("authorizer", &error);
                Err(StatusCode::INTERNAL_SERVER_ERROR)
            }
        }
    }

    async fn connect(
        self: &Arc<Self>,
        origin: Origin,
        outbox: Arc<Outbox>,
        request: &UpgradeRequest,
    ) -> Decision {
        let event = origin.connect_event(&self.config, request, self.clock.now());
        let functions = Arc::clone(&self.functions);
        match self.invoke(async move { functions.connect(event).await }).await {
            Ok(response) if (200..300).contains(&response.status_code) => {
                self.open(origin, outbox, chosen_protocol(&response, request))
            }
            Ok(response) => self.refuse(&response, request, outbox),
            Err(FunctionError::TimedOut) => Decision::Refuse(StatusCode::GATEWAY_TIMEOUT),
            Err(error) => {
                log::failure("$connect", &error);
                Decision::Refuse(StatusCode::BAD_GATEWAY)
            }
        }
    }

    /// From here on the socket can be written to; what is written follows the answer to the handshake.
    fn open(self: &Arc<Self>, origin: Origin, outbox: Arc<Outbox>, protocol: Option<String>) -> Decision {
        let id = origin.id.clone();
        let socket = Arc::new(Socket::new(origin, outbox, self.config.messages_at_a_time));
        self.sockets().insert(id, Arc::clone(&socket));
        self.registry.open(&socket.outbox);
        Decision::Open(socket, protocol)
    }

    fn refuse(&self, response: &GatewayResponse, request: &UpgradeRequest, outbox: Arc<Outbox>) -> Decision {
        let readable = readable_refusal(response).filter(|_| self.config.refusals == Refusals::Close);
        if let Some(ReadableRefusal { close, code }) = readable {
            // A browser that offered protocols and got none would not show the close code.
            let protocol = chosen_protocol(response, request).or_else(|| request.protocols.first().cloned());
            return Decision::CloseAtOnce(outbox, Ending { code: close, reason: Cow::Owned(code) }, protocol);
        }
        let status = StatusCode::from_u16(response.status_code).ok();
        let status = status.filter(|status| status.as_u16() >= 300);
        Decision::Refuse(status.unwrap_or(StatusCode::BAD_GATEWAY))
    }

    /// The client left while the handshake was pending: for the functions it was connected nevertheless.
    async fn never_opened(self: &Arc<Self>, socket: Arc<Socket>) {
        self.sockets().remove(&socket.origin.id);
        self.registry.remove(&socket.origin.id);
        log::never_opened(&socket.origin.id);
        Arc::clone(self).disconnect(socket, (ABNORMAL, String::new())).await;
    }

    /// Runs a function by itself, so that its crash is a failure like others, for as long as it may take. One that waits for
    /// nothing is done at once, without a task of its own.
    pub(in crate::gateway) async fn invoke<T: Send + 'static>(
        &self,
        call: impl Future<Output = Result<T, FunctionError>> + Send + 'static,
    ) -> Result<T, FunctionError> {
        let mut call = Box::pin(AssertUnwindSafe(call).catch_unwind());
        if let Some(answered) = call.as_mut().now_or_never() {
            return answered.unwrap_or_else(|_| Err(crashed()));
        }
        let deadline = self.clock.now().plus(self.config.integration_timeout);
        tokio::select! {
            biased;
            answered = tokio::spawn(call) => answered.map_or_else(
                |stopped| Err(FunctionError::Failed(stopped.into())),
                |answered| answered.unwrap_or_else(|_| Err(crashed())),
            ),
            () = self.clock.sleep_until(deadline) => Err(FunctionError::TimedOut),
        }
    }
}

fn crashed() -> FunctionError {
    FunctionError::Failed("the function panicked".into())
}

/// Closes a socket that nobody has heard of, and waits for its end.
async fn close_at_once(outbox: &Arc<Outbox>, ending: Ending, wire: TcpWire) {
    let wire = Arc::new(wire);
    outbox.open();
    outbox.attach(wire.clone());
    outbox.close(ending, None);
    wire.drain().await;
}

/// Sends the answer that opens the socket, and waits for the connection behind it, with what has already been read of
/// it; none if the client is gone.
async fn switch(
    request: &UpgradeRequest,
    protocol: Option<String>,
    on_upgrade: OnUpgrade,
    answer: oneshot::Sender<Response<Body>>,
) -> Option<(TcpWire, bytes::Bytes)> {
    answer.send(switching(&request.accept, protocol)).ok()?;
    let upgraded: Upgraded = on_upgrade.await.ok()?;
    match upgraded.downcast::<TokioIo<PeerStream>>() {
        Ok(parts) => {
            let mut stream = parts.io.into_inner();
            stream.after_http();
            Some((TcpWire::new(stream), parts.read_buf))
        }
        Err(_) => {
            tracing::error!("sockets need the listener's own connections");
            None
        }
    }
}

fn too_large(response: &AuthorizerResponse) -> bool {
    serde_json::to_vec(response).map_or(true, |json| json.len() > MAX_AUTHORIZER_BYTES)
}

/// The sub-protocol that `$connect` names, if the client offered it.
fn chosen_protocol(response: &GatewayResponse, request: &UpgradeRequest) -> Option<String> {
    let mut headers = response.headers.iter();
    let (_, chosen) = headers.find(|(name, _)| name.eq_ignore_ascii_case("Sec-WebSocket-Protocol"))?;
    request.protocols.iter().find(|offered| *offered == chosen.trim()).cloned()
}

fn readable_refusal(response: &GatewayResponse) -> Option<ReadableRefusal> {
    serde_json::from_str(response.body.as_deref()?).ok()
}
