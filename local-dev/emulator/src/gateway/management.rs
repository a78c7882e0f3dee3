//! The `@connections` API: what the AWS SDK calls to write to a socket, look at it, or close it.
//!
//! A connection's id is in every event that functions get, as `requestContext.connectionId`; for a person it is in the
//! log: `--log info,emulator=debug` names it when a socket opens and when it closes. A `=` in it is `%3D` in a URL.

use std::borrow::Cow;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::IntoResponse;
use axum::routing::{any, post};
use parlor::embedded::{Ending, Pushed, WireFrame};
use parlor::ids::ConnectionId;
use serde::{Deserialize, Serialize};

use super::Gateway;
use super::event_times::iso;
use super::ids::parse_connection_id;
use super::socket::Socket;
use crate::local_programs::is_of_a_local_program;

/// How a socket ends that is deleted: so AWS reports it in `$disconnect`.
const NORMAL: Ending = Ending { code: 1000, reason: Cow::Borrowed("Connection Closed Normally") };

/// An error as the SDK understands it.
#[derive(Debug)]
struct ManagementError {
    status: StatusCode,
    kind: &'static str,
    message: Option<String>,
}

/// The path of a call, with or without the stage.
#[derive(Deserialize)]
struct Target {
    stage: Option<String>,
    id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ConnectionBody<'a> {
    identity: IdentityBody<'a>,
    connected_at: String,
    last_active_at: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct IdentityBody<'a> {
    source_ip: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_agent: Option<&'a str>,
}

impl Gateway {
    /// `POST`, `GET` and `DELETE` of `/{stage}/@connections/{id}` and `/@connections/{id}`, for this machine's own
    /// programs alone.
    pub(super) fn management_routes(self: &Arc<Self>) -> Router {
        let calls = || post(post_to).get(look_at).delete(delete).head(unknown).fallback(unknown);
        Router::new()
            .route("/{stage}/@connections/{id}", calls())
            .route("/@connections/{id}", calls())
            .route("/{stage}/@connections/", any(unknown))
            .route("/@connections/", any(unknown))
            .layer(middleware::from_fn(only_local_programs))
            .with_state(Arc::clone(self))
    }

    /// The open socket that a call is about.
    fn target(&self, target: &Target) -> Result<Arc<Socket>, ManagementError> {
        if target.stage.as_ref().is_some_and(|stage| *stage != self.config.stage) {
            return Err(forbidden());
        }
        let id: ConnectionId = parse_connection_id(&target.id).ok_or_else(|| malformed(&target.id))?;
        self.socket(&id).filter(|socket| socket.outbox.ending().is_none()).ok_or_else(gone)
    }
}

async fn post_to(
    State(gateway): State<Arc<Gateway>>,
    Path(target): Path<Target>,
    body: Body,
) -> Result<StatusCode, ManagementError> {
    let socket = gateway.target(&target)?;
    let bytes = to_bytes(body, gateway.config.max_message_bytes).await.map_err(|_| too_large())?;
    let text = std::str::from_utf8(&bytes).map_err(|_| bad_request("Data must be UTF-8 text".to_owned()))?;
    match socket.outbox.offer(WireFrame::text(text), gateway.clock.now()) {
        Pushed::Queued => Ok(StatusCode::OK),
        Pushed::Full => Err(error(StatusCode::TOO_MANY_REQUESTS, "LimitExceededException")),
        Pushed::NotYetOpen | Pushed::Closing | Pushed::Closed => Err(gone()),
    }
}

async fn look_at(
    State(gateway): State<Arc<Gateway>>,
    Path(target): Path<Target>,
) -> Result<Response<Body>, ManagementError> {
    let socket = gateway.target(&target)?;
    let body = ConnectionBody {
        identity: IdentityBody {
            source_ip: &socket.origin.source_ip,
            user_agent: socket.origin.user_agent.as_deref(),
        },
        connected_at: iso(socket.origin.connected_at),
        last_active_at: iso(socket.outbox.last_active()),
    };
    // A plain struct of texts: serializing it cannot fail.
    let json = serde_json::to_string_pretty(&body).unwrap_or_default();
    Ok(([(header::CONTENT_TYPE, "application/json")], json).into_response())
}

async fn delete(
    State(gateway): State<Arc<Gateway>>,
    Path(target): Path<Target>,
) -> Result<StatusCode, ManagementError> {
    gateway.target(&target)?.outbox.close_silently(NORMAL);
    Ok(StatusCode::NO_CONTENT)
}

/// What AWS answers where it knows no such path or method, signed or not.
async fn unknown() -> ManagementError {
    let message = Some("Missing Authentication Token".to_owned());
    ManagementError { message, ..error(StatusCode::FORBIDDEN, "MissingAuthenticationTokenException") }
}

/// AWS asks for a signature. Here, a program of this machine will do, but no web page that happens to be open on it.
async fn only_local_programs(request: Request, next: Next) -> Response<Body> {
    if is_of_a_local_program(&request) { next.run(request).await } else { forbidden().into_response() }
}

fn error(status: StatusCode, kind: &'static str) -> ManagementError {
    ManagementError { status, kind, message: None }
}

fn gone() -> ManagementError {
    error(StatusCode::GONE, "GoneException")
}

fn too_large() -> ManagementError {
    error(StatusCode::PAYLOAD_TOO_LARGE, "PayloadTooLargeException")
}

fn forbidden() -> ManagementError {
    let message = Some("Forbidden".to_owned());
    ManagementError { message, ..error(StatusCode::FORBIDDEN, "ForbiddenException") }
}

fn malformed(id: &str) -> ManagementError {
    bad_request(format!("Invalid connectionId: {id}"))
}

fn bad_request(message: String) -> ManagementError {
    ManagementError { message: Some(message), ..error(StatusCode::BAD_REQUEST, "BadRequestException") }
}

impl IntoResponse for ManagementError {
    fn into_response(self) -> Response<Body> {
        let body = self.message.map(|message| serde_json::json!({ "message": message }).to_string());
        let mut response = (self.status, body.unwrap_or_default()).into_response();
        let headers = response.headers_mut();
        headers.insert("x-amzn-errortype", HeaderValue::from_static(self.kind));
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        response
    }
}
