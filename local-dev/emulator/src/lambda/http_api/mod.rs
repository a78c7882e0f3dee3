//! API Gateway's HTTP API: requests become events of functions, and what those return becomes answers.

mod request_event;
mod response;
mod route_table;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{Method, Response, StatusCode, header};
use axum::response::IntoResponse as _;
use bytes::Bytes;
use parlor::ports::Clock;

use self::request_event::Circumstances;
use self::route_table::{Match, RouteTable};
use super::{HttpRoute, InvokeError, Invoker};
use crate::listener::PeerAddress;

/// The largest body of a request.
const MAX_BODY_BYTES: usize = 10 * 1024 * 1024;
/// The most bytes of a request line and its headers.
const MAX_HEADER_BYTES: usize = 10_240;
/// The largest event that a function may get.
const MAX_EVENT_BYTES: usize = 6 * 1024 * 1024;
/// The longest time that a function may take.
const INTEGRATION_TIMEOUT: Duration = Duration::from_secs(30);

/// What answers a request before `{proxy+}` and `$default` do, if it has a page for it.
pub type Pages = fn(&Parts) -> Option<Response<Body>>;

/// An HTTP API in front of functions.
#[derive(Debug)]
pub struct HttpApi {
    routes: RouteTable,
    pages: Pages,
    invoker: Arc<dyn Invoker>,
    clock: Arc<dyn Clock>,
    api_id: String,
}

impl HttpApi {
    /// An API with these routes.
    pub fn new(routes: &[HttpRoute], invoker: Arc<dyn Invoker>, clock: Arc<dyn Clock>) -> Self {
        let (routes, api_id) = (RouteTable::new(routes), "local-dev".to_owned());
        Self { routes, pages: |_| None, invoker, clock, api_id }
    }

    /// The same API with pages where no route of its own stands: a path that is spelled out goes before them, they go
    /// before `{proxy+}` and `$default`.
    #[must_use]
    pub fn with_pages(self, pages: Pages) -> Self {
        Self { pages, ..self }
    }

    /// Serves it.
    pub fn router(self) -> Router {
        Router::new().fallback(answer).with_state(Arc::new(self))
    }

    async fn call(&self, route: &Match<'_>, parts: &Parts, body: Body) -> Result<Response<Body>, StatusCode> {
        if header_bytes(parts) > MAX_HEADER_BYTES {
            return Err(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
        }
        let body = to_bytes(body, MAX_BODY_BYTES).await.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?;
        let peer = parts.extensions.get::<PeerAddress>().ok_or(StatusCode::INTERNAL_SERVER_ERROR)?.0.ip();
        let now = self.clock.now();
        let about = Circumstances { peer: peer.to_canonical(), api_id: &self.api_id, now };
        let event = request_event::event(parts, &body, route, about).to_string();
        if event.len() > MAX_EVENT_BYTES {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
        let answer = tokio::select! {
            biased;
            answer = self.invoker.invoke(route.function, event.into()) => answer,
            () = self.clock.sleep_until(now.plus(INTEGRATION_TIMEOUT)) => {
                tracing::error!(route = route.key, "a function took longer than an HTTP API waits");
                return Err(StatusCode::SERVICE_UNAVAILABLE);
            }
        };
        read(route, &parts.method, answer)
    }
}

async fn answer(State(api): State<Arc<HttpApi>>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let route = api.routes.find(&parts.method, parts.uri.path());
    if route.as_ref().is_none_or(|route| route.is_catch_all)
        && let Some(page) = (api.pages)(&parts)
    {
        return page;
    }
    let Some(route) = route else {
        return message(StatusCode::NOT_FOUND);
    };
    api.call(&route, &parts, body).await.unwrap_or_else(message)
}

fn read(
    route: &Match<'_>,
    method: &Method,
    answer: Result<Bytes, InvokeError>,
) -> Result<Response<Body>, StatusCode> {
    let answer = answer.map_err(|error| failed(route, &error))?;
    response::response(&answer, method).map_err(|error| failed(route, &error))
}

fn failed(route: &Match<'_>, error: &(dyn std::error::Error + 'static)) -> StatusCode {
    tracing::error!(route = route.key, function = route.function, error, "a request was not answered");
    StatusCode::INTERNAL_SERVER_ERROR
}

/// The request line and the headers, as they were sent.
fn header_bytes(parts: &Parts) -> usize {
    let line =
        parts.method.as_str().len() + parts.uri.path_and_query().map_or(0, |target| target.as_str().len());
    parts.headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum::<usize>() + line
}

/// The gateway's own words.
fn message(status: StatusCode) -> Response<Body> {
    let reason = match status {
        StatusCode::PAYLOAD_TOO_LARGE => "Request Entity Too Large",
        status => status.canonical_reason().unwrap_or("Error"),
    };
    let body = serde_json::json!({ "message": reason }).to_string();
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}
