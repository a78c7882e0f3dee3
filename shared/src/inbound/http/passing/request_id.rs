//! Every answer carries a name under which the log knows its request.

use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::STRICT_TRANSPORT_SECURITY;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;
use uuid::Uuid;

use crate::app::App;
use crate::domain::client_address::ClientAddress;
use crate::inbound::cookies::is_secure;
use crate::inbound::edge::{self, Peer};

/// For how long browsers ask for this host by TLS alone, once they have seen it there.
const ONE_YEAR: HeaderValue = HeaderValue::from_static("max-age=31536000");
const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The name of a request, among its extensions.
#[derive(Debug, Clone, Copy)]
pub struct RequestId(pub Uuid);

/// Names the request, finds out where it comes from, a [`ClientAddress`] among its extensions, and logs how it went: by its
/// route, never by its path, query or headers, which hold secrets.
pub(in crate::inbound::http) async fn request_id(
    State(app): State<Arc<App>>,
    mut request: Request,
    next: Next,
) -> Response {
    let id = Uuid::from_bytes(app.ports().random.bytes());
    request.extensions_mut().insert(RequestId(id));
    let client = client_address(&app, &request);
    if let Some(client) = client {
        request.extensions_mut().insert(client);
    }
    let began = app.ports().clock.now();
    let (method, matched) = (request.method().clone(), request.extensions().get::<MatchedPath>().cloned());
    let span = tracing::info_span!("request", id = %id.simple());
    let mut response = next.run(request).instrument(span.clone()).await;
    let micros = app.ports().clock.now().since(began).as_micros();
    span.in_scope(|| {
        let (path, status) =
            (matched.as_ref().map_or("(none)", MatchedPath::as_str), response.status().as_u16());
        let client = client.map(tracing::field::display);
        tracing::debug!(%method, path, status, micros, client, "request answered");
    });
    if let Ok(value) = HeaderValue::from_str(&id.simple().to_string()) {
        response.headers_mut().insert(X_REQUEST_ID, value);
    }
    if is_secure(app.settings()) {
        response.headers_mut().insert(STRICT_TRANSPORT_SECURITY, ONE_YEAR);
    }
    response
}

fn client_address(app: &App, request: &Request) -> Option<ClientAddress> {
    let peer = request.extensions().get().map(|Peer(address)| ClientAddress::new(*address));
    let header = |name: &str| only(request.headers(), name);
    edge::client_address(app.settings(), peer, header)
}

/// A header's value. Of several none is right, as whoever came first has written one of them: they are like none that we
/// know.
fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a [u8]> {
    let mut values = headers.get_all(name).iter().map(HeaderValue::as_bytes);
    let first = values.next()?;
    Some(if values.next().is_some() { b"" } else { first })
}
