//! The events of the WebSocket API.

mod context;
mod handshake;

use serde_json::{Value, json};

use self::context::ContextError;
use self::handshake::Handshake;
use super::cookies::SESSION;
use super::credentials::{Credentials, PROTOCOL, offered};
use super::edge;
use super::gateway_event::{AuthorizerResponse, GatewayEvent, GatewayResponse};
use crate::app::{self, App, AppError, Entry, Settings};
use crate::domain::client_address::ClientAddress;
use crate::ids::ConnectionId;
use crate::ports::{Connection, Endpoint, Identity};
use crate::protocol::Close;

/// An event of the function behind `$connect`, which is its own authorizer.
pub async fn connect_or_authorize(app: &App, event: GatewayEvent) -> Value {
    let answer = if event.kind.as_deref() == Some("REQUEST") {
        serde_json::to_value(authorize(app, &event).await)
    } else {
        serde_json::to_value(connect(app, &event).await)
    };
    answer.unwrap_or_default()
}

/// Finds out who wants to connect, and to what. Everyone passes here; it is [`connect`] that refuses, with the right status.
pub async fn authorize(app: &App, event: &GatewayEvent) -> AuthorizerResponse {
    let handshake = Handshake::of(event);
    let identity = identify(app, event, handshake.as_ref()).await;
    let principal =
        identity.as_ref().map_or("anonymous".to_owned(), |identity| format!("user:{}", identity.user));
    AuthorizerResponse::allow(event, principal, context::write(handshake, identity.as_ref()))
}

/// Lets a socket in, or refuses it.
pub async fn connect(app: &App, event: &GatewayEvent) -> GatewayResponse {
    let connection = match context::read(event) {
        Ok(connection) => connection,
        Err(ContextError::NoEndpoint) if is_foreign(app, event) => return refuse(Close::OriginNotAllowed),
        Err(ContextError::NoEndpoint) => return refuse(Close::NoSuchRoom),
        Err(error) => return unreadable("$connect", error, 503),
    };
    // The feed is for everybody; but nobody is known there by a cookie that a foreign page has sent along.
    if connection.endpoint != Endpoint::Feed && is_foreign(app, event) {
        return refuse(Close::OriginNotAllowed);
    }
    let client = client_address(app.settings(), event).map(tracing::field::display);
    let Connection { id, endpoint, .. } = &connection;
    tracing::debug!(connection = %id, %endpoint, client, "a socket may come in");
    match app::connect(app, &connection).await {
        Ok(Entry::Accepted) => accept(event),
        Ok(Entry::Refused(reason)) => refuse(reason),
        Err(error) => {
            // What was registered half-way goes again; what can't be removed now expires.
            let _ = app::disconnect(app, &connection.id).await;
            failed("$connect", &error, 503)
        }
    }
}

/// A client said something.
pub async fn message(app: &App, event: &GatewayEvent) -> GatewayResponse {
    let connection = match context::read(event) {
        Ok(connection) => connection,
        Err(error) => return unreadable("$default", error, 200),
    };
    let text = event.body.as_deref().unwrap_or_default();
    match app::receive(app, &connection, text, event.request_context.request_time_epoch).await {
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

fn connection_id(event: &GatewayEvent) -> Option<ConnectionId> {
    event.request_context.connection_id.parse().ok()
}

/// Who it is, if good credentials came along. Bad ones make an anonymous socket, which the feed does not turn away.
async fn identify(app: &App, event: &GatewayEvent, handshake: Option<&Handshake>) -> Option<Identity> {
    // Watching together takes a token: a cookie alone is not enough.
    let takes_cookies = handshake.is_none_or(|handshake| !matches!(handshake.endpoint, Endpoint::Watch(_)));
    let cookies = event.header("cookie").filter(|_| takes_cookies && !is_foreign(app, event));
    let credentials = Credentials {
        authorization: event.header("authorization"),
        protocols: event.header("sec-websocket-protocol"),
        query_token: event.query("token"),
        cookie: cookies.and_then(|cookies| SESSION.read(app.settings(), cookies)),
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

/// Whether a page makes the handshake that may not use us: any page could send the browser's cookie along.
fn is_foreign(app: &App, event: &GatewayEvent) -> bool {
    let (origin, site) = (event.header("origin"), event.header("sec-fetch-site"));
    app.settings().origins().is_foreign(origin, site, event.header("host"))
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

/// Nothing is done for an event that does not say whose it is.
fn unreadable(route: &'static str, error: ContextError, status: u16) -> GatewayResponse {
    tracing::error!(route, %error, "refused a gateway event");
    GatewayResponse::status(status)
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
