//! API Gateway's HTTP API: requests become events of functions, and what those return becomes answers.

mod cors;
mod request_event;
mod response;
mod route_table;
mod served_api;

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
use tower::ServiceExt as _;

use self::request_event::Circumstances;
use self::route_table::Match;
use self::served_api::{DEFAULT_STAGE, ServedApi};
use super::{InvokeError, Invoker, WebApi};
use crate::listener::PeerAddress;

/// The largest body of a request.
const MAX_BODY_BYTES: usize = 10 * 1024 * 1024;
/// The most bytes of a request line and its headers.
const MAX_HEADER_BYTES: usize = 10_240;
/// The largest event that a function may get.
const MAX_EVENT_BYTES: usize = 6 * 1024 * 1024;
/// The longest time that a function may take.
const INTEGRATION_TIMEOUT: Duration = Duration::from_secs(30);

/// The HTTP APIs in front of functions. All are reached at one address, and told apart by their stages.
#[derive(Debug)]
pub struct HttpApi {
    apis: Vec<ServedApi>,
    invoker: Arc<dyn Invoker>,
    clock: Arc<dyn Clock>,
    api_id: String,
    /// What answers where no API has a route.
    fallback: Router,
}

impl HttpApi {
    /// APIs that answer 404 where they have no route.
    pub fn new(apis: &[WebApi], invoker: Arc<dyn Invoker>, clock: Arc<dyn Clock>) -> Self {
        let mut apis: Vec<_> = apis.iter().map(ServedApi::new).collect();
        // One without a stage in its paths takes what is left.
        apis.sort_by_key(|api| api.stage == DEFAULT_STAGE);
        let fallback = Router::new().fallback(|| async { message(StatusCode::NOT_FOUND) });
        Self { apis, invoker, clock, api_id: "local-dev".to_owned(), fallback }
    }

    /// The same APIs, with something else where they have no route; what that doesn't know is still answered 404.
    #[must_use]
    pub fn or_else(self, fallback: Router) -> Self {
        Self { fallback: fallback.fallback_service(self.fallback), ..self }
    }

    /// Serves them.
    pub fn router(self) -> Router {
        Router::new().fallback(answer).with_state(Arc::new(self))
    }

    /// The API and the route of a request; if none has a route, the API that its path belongs to.
    fn find(&self, parts: &Parts) -> (Option<&ServedApi>, Option<Match<'_>>) {
        let (method, path) = (&parts.method, parts.uri.path());
        let found = self.apis.iter().find_map(|api| Some((api, api.route(method, path)?)));
        match found {
            Some((api, route)) => (Some(api), Some(route)),
            None => (self.apis.iter().find(|api| api.has(path)), None),
        }
    }

    async fn call(
        &self,
        (api, route): (&ServedApi, &Match<'_>),
        parts: &Parts,
        body: Body,
    ) -> Result<Response<Body>, StatusCode> {
        if header_bytes(parts) > MAX_HEADER_BYTES {
            return Err(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
        }
        let body = to_bytes(body, MAX_BODY_BYTES).await.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?;
        let peer = parts.extensions.get::<PeerAddress>().ok_or(StatusCode::INTERNAL_SERVER_ERROR)?.0.ip();
        let now = self.clock.now();
        let peer = peer.to_canonical();
        let about = Circumstances { peer, api_id: &self.api_id, stage: &api.stage, now };
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

async fn answer(State(apis): State<Arc<HttpApi>>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let (api, route) = apis.find(&parts);
    let cors = api.and_then(|api| api.cors.as_ref());
    if let Some(preflight) = cors.and_then(|cors| cors.preflight(&parts)) {
        return preflight;
    }
    let origin = parts.headers.get(header::ORIGIN).cloned();
    let mut response = match api.zip(route) {
        Some((api, route)) => apis.call((api, &route), &parts, body).await.unwrap_or_else(message),
        None => elsewhere(&apis, Request::from_parts(parts, body)).await,
    };
    if let Some(cors) = cors {
        cors.mark(origin.as_ref(), &mut response);
    }
    response
}

async fn elsewhere(apis: &HttpApi, request: Request) -> Response<Body> {
    match apis.fallback.clone().oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
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
