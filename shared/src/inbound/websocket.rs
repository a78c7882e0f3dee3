//! The events of the WebSocket API.

use std::borrow::Cow;
use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::credentials::{Credentials, PROTOCOL, offered};
use super::edge;
use super::gateway_event::{AuthorizerResponse, GatewayEvent, GatewayResponse};
use crate::app::{self, App, AppError, Settings};
use crate::domain::client_address::ClientAddress;
use crate::ids::ConnectionId;
use crate::ports::{Connection, Endpoint, Identity};
use crate::protocol::{Close, Timestamp};

/// The names under which the authorizer's findings ride in every later event of a connection.
mod context {
    pub(super) const ENDPOINT: &str = "endpoint";
    pub(super) const USER: &str = "user";
    pub(super) const SESSION: &str = "session";
}

/// An event of the function behind `$connect`, which is its own authorizer.
pub async fn connect_or_authorize(app: &App, event: GatewayEvent) -> Value {
    let answer = if event.kind.as_deref() == Some("REQUEST") {
        serde_json::to_value(authorize(app, &event).await)
    } else {
        serde_json::to_value(connect(app, &event).await)
    };
    answer.unwrap_or_default()
}

/// Finds out who wants to connect. Everyone passes here; it is [`connect`] that refuses, with the right status.
pub async fn authorize(app: &App, event: &GatewayEvent) -> AuthorizerResponse {
    let mut context = BTreeMap::new();
    if let Some(endpoint) = endpoint(event) {
        context.insert(context::ENDPOINT.to_owned(), endpoint.name().to_owned());
    }
    let identity = identify(app, event).await;
    let principal =
        identity.as_ref().map_or("anonymous".to_owned(), |identity| format!("user:{}", identity.user));
    if let Some(Identity { user, session }) = identity {
        context.insert(context::USER.to_owned(), user.to_string());
        context.insert(context::SESSION.to_owned(), session.to_string());
    }
    AuthorizerResponse::allow(event, principal, context)
}

/// Lets a socket in, or refuses it.
pub async fn connect(app: &App, event: &GatewayEvent) -> GatewayResponse {
    let (Some(endpoint), Some(id)) = (endpoint(event), connection_id(event)) else {
        return refuse(Close::NoSuchRoom);
    };
    let client = client_address(app.settings(), event).map(tracing::field::display);
    tracing::debug!(connection = %id, endpoint = endpoint.name(), client, "a socket may come in");
    let connected_at = Timestamp::from_micros(event.request_context.connected_at.saturating_mul(1000));
    let connection = Connection { id, endpoint, identity: identity(event), connected_at };
    match app::connect(app, &connection).await {
        Ok(()) => accept(event),
        Err(error) => {
            // What was registered half-way goes again; what can't be removed now expires.
            let _ = app::disconnect(app, &connection.id).await;
            failed("$connect", &error, 503)
        }
    }
}

/// A client said something.
pub async fn message(app: &App, event: &GatewayEvent) -> GatewayResponse {
    let Some(id) = connection_id(event) else {
        return GatewayResponse::status(200);
    };
    let (endpoint, text) = (context_endpoint(event), event.body.as_deref().unwrap_or_default());
    match app::receive(app, &id, endpoint, text).await {
        Ok(()) => GatewayResponse::status(200),
        Err(error) => failed("$default", &error, 200),
    }
}

/// A socket has closed.
pub async fn disconnect(app: &App, event: &GatewayEvent) -> GatewayResponse {
    let Some(id) = connection_id(event) else {
        return GatewayResponse::status(200);
    };
    match app::disconnect(app, &id).await {
        Ok(()) => GatewayResponse::status(200),
        Err(error) => failed("$disconnect", &error, 200),
    }
}

/// What a handshake asks for: `?path=`, as the edge in front of the gateway writes it; without one, the feed.
fn endpoint(event: &GatewayEvent) -> Option<Endpoint> {
    match path(event).trim_end_matches('/') {
        "" | "/ws/feed" => Some(Endpoint::Feed),
        _ => None,
    }
}

/// The path that a handshake asks for, as its client spelled it.
///
/// The edge sends `path=%2Fws%2Ffeed%2F`, and AWS does not document whether `$connect` events carry decoded values. A path
/// begins with a slash, so a value that begins with an encoded one has not been decoded yet.
fn path(event: &GatewayEvent) -> Cow<'_, str> {
    match event.query("path").unwrap_or("/") {
        encoded if encoded.starts_with('%') => percent_decode_str(encoded).decode_utf8_lossy(),
        decoded => Cow::Borrowed(decoded),
    }
}

/// What the connection serves, as its authorizer noted. There is one kind so far, which is also what may be assumed.
fn context_endpoint(event: &GatewayEvent) -> Endpoint {
    event.context(context::ENDPOINT).and_then(Endpoint::named).unwrap_or(Endpoint::Feed)
}

fn connection_id(event: &GatewayEvent) -> Option<ConnectionId> {
    event.request_context.connection_id.parse().ok()
}

fn identity(event: &GatewayEvent) -> Option<Identity> {
    let user = event.context(context::USER)?.parse().ok()?;
    let session = event.context(context::SESSION)?.parse().ok()?;
    Some(Identity { user, session })
}

/// Who it is, if good credentials came along. The feed turns nobody away: bad ones make an anonymous socket.
async fn identify(app: &App, event: &GatewayEvent) -> Option<Identity> {
    let credentials = Credentials {
        authorization: event.header("authorization"),
        protocols: event.header("sec-websocket-protocol"),
        query_token: event.query("token"),
        cookies: event.header("cookie").filter(|_| is_own_page(app, event)),
    };
    match app::authenticate_handshake(app, credentials.token()?).await {
        Ok(identity) => Some(identity),
        Err(AppError::Unauthenticated | AppError::SessionEnded) => None,
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "credentials could not be verified");
            None
        }
    }
}

/// Whether the handshake may use the browser's cookie: any page could have sent it along.
fn is_own_page(app: &App, event: &GatewayEvent) -> bool {
    let origins = app.settings().origins();
    event.header("origin").is_none_or(|origin| origins.admits(origin, event.header("host")))
}

/// Where a handshake comes from. Later events say nothing of the edge.
fn client_address(settings: &Settings, handshake: &GatewayEvent) -> Option<ClientAddress> {
    let peer = ClientAddress::parse(&handshake.request_context.identity.source_ip);
    edge::client_address(settings, peer, |name| handshake.only_header(name).map(str::as_bytes))
}

fn accept(event: &GatewayEvent) -> GatewayResponse {
    let mut response = GatewayResponse::status(200);
    if offered(event.header("sec-websocket-protocol")).any(|protocol| protocol == PROTOCOL) {
        response.headers.insert("Sec-WebSocket-Protocol".to_owned(), PROTOCOL.to_owned());
    }
    response
}

/// Refuses a handshake. API Gateway passes on the status; whoever can close with a code reads it from the body.
fn refuse(reason: Close) -> GatewayResponse {
    let body = json!({ "error": reason.sentence(), "code": reason.name(), "close": reason.code() });
    let status = GatewayResponse::status(reason.status().unwrap_or(403));
    GatewayResponse { body: Some(body.to_string()), ..status }
}

/// An event that could not be dealt with is logged here, once.
fn failed(route: &'static str, error: &AppError, status: u16) -> GatewayResponse {
    tracing::error!(route, error = error as &dyn std::error::Error, "a gateway event failed");
    GatewayResponse::status(status)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::edge_secret::EdgeSecret;

    const SECRET: &str = "0123456789abcdef0123456789abcdef";

    fn handshake(secret: &str) -> GatewayEvent {
        let event = json!({
            "headers": {
                "Host": "api.test",
                "X-Forwarded-For": "192.0.2.66, 198.51.100.1",
                "Parlor-Edge-Secret": secret,
                "parlor-client-address": "2001:db8::7",
            },
            "requestContext": { "routeKey": "$connect", "identity": { "sourceIp": "198.51.100.1" } },
        });
        serde_json::from_value(event).unwrap()
    }

    fn handshake_for(path: &str) -> GatewayEvent {
        serde_json::from_value(json!({ "queryStringParameters": { "path": path } })).unwrap()
    }

    #[test]
    fn a_path_is_the_same_whether_the_gateway_has_decoded_it_or_not() {
        for feed in ["/ws/feed/", "%2Fws%2Ffeed%2F", "%2fws%2ffeed"] {
            assert_eq!(endpoint(&handshake_for(feed)), Some(Endpoint::Feed), "{feed}");
        }
        for spelled in ["/ws/room/caf%C3%A9%2F/", "%2Fws%2Froom%2Fcaf%25C3%25A9%252F%2F"] {
            assert_eq!(path(&handshake_for(spelled)), "/ws/room/caf%C3%A9%2F/", "decoded once");
        }
        for unknown in ["ws%2Ffeed", "%252Fws%252Ffeed", "%FF"] {
            assert_eq!(endpoint(&handshake_for(unknown)), None, "{unknown}");
        }
    }

    #[test]
    fn a_handshake_comes_from_where_our_edge_says_or_else_from_where_the_gateway_says() {
        let mut settings = Settings::new("https://api.test");
        let client =
            |settings: &Settings, secret| client_address(settings, &handshake(secret)).unwrap().to_string();
        assert_eq!(client(&settings, SECRET), "198.51.100.1");
        settings.edge_secret = EdgeSecret::new(SECRET);
        assert_eq!(client(&settings, SECRET), "2001:db8::7");
        assert_eq!(client(&settings, &SECRET[1..]), "198.51.100.1");
    }

    #[test]
    fn a_handshake_that_names_its_client_twice_comes_from_nobody_in_particular() {
        let settings = Settings { edge_secret: EdgeSecret::new(SECRET), ..Settings::new("https://api.test") };
        let (mut in_one, mut in_two) = (handshake(SECRET), handshake(SECRET));
        let both = ["192.0.2.66", "2001:db8::7"].map(str::to_owned).to_vec();
        in_one.multi_value_headers.insert("Parlor-Client-Address".to_owned(), both);
        in_two.headers.insert("Parlor-Client-Address".to_owned(), "192.0.2.66".to_owned());
        for twice in [in_one, in_two] {
            assert_eq!(client_address(&settings, &twice), Some(ClientAddress::UNNAMED));
        }
    }

    #[test]
    fn an_event_without_addresses_comes_from_nowhere() {
        let settings = Settings::new("https://api.test");
        assert_eq!(client_address(&settings, &GatewayEvent::default()), None);
    }
}
