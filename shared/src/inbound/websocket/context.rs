//! What the authorizer found out about a socket: texts that API Gateway adds to every later event of the connection.

use std::collections::BTreeMap;

use super::handshake::Handshake;
use crate::inbound::gateway_event::GatewayEvent;
use crate::ports::{Connection, Endpoint, Identity};
use crate::protocol::{Dialect, Timestamp};

const ENDPOINT: &str = "endpoint";
const DIALECT: &str = "dialect";
const SINCE: &str = "since";
const USER: &str = "user";
const SESSION: &str = "session";

/// Why an event does not say which socket it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum ContextError {
    /// The handshake asked for a path at which there is nothing.
    #[error("the connection's context names no endpoint")]
    NoEndpoint,
    /// Nothing that the authorizer of this version writes.
    #[error("the connection's context cannot be read: {0}")]
    Unreadable(&'static str),
}

/// The context of a socket. What asks for nothing that there is gets a context without an endpoint.
pub(super) fn write(handshake: Option<Handshake>, identity: Option<&Identity>) -> BTreeMap<String, String> {
    let mut context = BTreeMap::new();
    let mut note = |name: &str, text: String| drop(context.insert(name.to_owned(), text));
    if let Some(Handshake { endpoint, dialect, since }) = handshake {
        note(ENDPOINT, endpoint.to_string());
        note(DIALECT, dialect.letter().to_string());
        since.into_iter().for_each(|id| note(SINCE, id.to_string()));
    }
    if let Some(Identity { user, session }) = identity {
        note(USER, user.to_string());
        note(SESSION, session.to_string());
    }
    context
}

/// The socket that an event is about. A context that says anything else than [`write`] does is refused: it must never
/// be taken for some other socket's.
pub(super) fn read(event: &GatewayEvent) -> Result<Connection, ContextError> {
    if event.request_context.authorizer.is_none() {
        return Err(ContextError::Unreadable("there is none"));
    }
    let text = |name| event.context(name);
    let endpoint = text(ENDPOINT).ok_or(ContextError::NoEndpoint)?;
    Ok(Connection {
        id: event
            .request_context
            .connection_id
            .parse()
            .map_err(|_| ContextError::Unreadable("connection"))?,
        endpoint: endpoint.parse::<Endpoint>().map_err(|_| ContextError::Unreadable(ENDPOINT))?,
        dialect: text(DIALECT).and_then(dialect).ok_or(ContextError::Unreadable(DIALECT))?,
        identity: identity(text(USER), text(SESSION))?,
        since: text(SINCE).map(str::parse).transpose().map_err(|_| ContextError::Unreadable(SINCE))?,
        connected_at: Timestamp::from_micros(event.request_context.connected_at.saturating_mul(1000)),
    })
}

fn dialect(letter: &str) -> Option<Dialect> {
    Dialect::try_from(letter.parse::<char>().ok()?).ok()
}

fn identity(user: Option<&str>, session: Option<&str>) -> Result<Option<Identity>, ContextError> {
    match (user, session) {
        (None, None) => Ok(None),
        (Some(user), Some(session)) => Ok(Some(Identity {
            user: user.parse().map_err(|_| ContextError::Unreadable(USER))?,
            session: session.parse().map_err(|_| ContextError::Unreadable(SESSION))?,
        })),
        (Some(_), None) => Err(ContextError::Unreadable(SESSION)),
        (None, Some(_)) => Err(ContextError::Unreadable(USER)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::ids::{SessionId, UserId};

    fn event(context: &Value) -> GatewayEvent {
        let event = json!({ "requestContext": {
            "connectionId": "TXzPWdnOjoECGjA=", "connectedAt": 5, "authorizer": context,
        } });
        serde_json::from_value(event).unwrap()
    }

    fn identity() -> Identity {
        Identity { user: UserId(7), session: SessionId::from_random([7; 16]) }
    }

    #[test]
    fn a_context_is_read_as_it_was_written() {
        for endpoint in ["feed", "inbox", "chat/Kino", "conversation/123456789", "watch/Kino"] {
            let endpoint: Endpoint = endpoint.parse().unwrap();
            for (since, identity) in [(None, None), (Some(57), Some(identity()))] {
                let dialect = endpoint.dialect(since.is_some());
                let handshake = Handshake { endpoint: endpoint.clone(), dialect, since };
                let context = write(Some(handshake), identity.as_ref());
                let id = "TXzPWdnOjoECGjA=".parse().unwrap();
                let connected_at = Timestamp::from_micros(5000);
                let read = read(&event(&json!(context)));
                let endpoint = endpoint.clone();
                assert_eq!(read, Ok(Connection { id, endpoint, dialect, identity, since, connected_at }));
            }
        }
    }

    #[test]
    fn what_cannot_be_read_is_no_socket_of_the_feed() {
        let whole = json!({ "endpoint": "feed", "dialect": "f" });
        assert!(read(&event(&whole)).is_ok());
        for (name, value) in [
            ("endpoint", json!("fee")),
            ("endpoint", json!("chat/")),
            ("endpoint", json!("")),
            ("dialect", json!("ff")),
            ("dialect", json!("x")),
            ("dialect", Value::Null),
            ("user", json!("7")),
            ("session", json!("7")),
            ("since", json!("x")),
        ] {
            let mut context = whole.clone();
            context[name] = value.clone();
            let read = read(&event(&context));
            assert!(matches!(read, Err(ContextError::Unreadable(_))), "{name} {value}: {read:?}");
        }
        assert_eq!(read(&event(&Value::Null)), Err(ContextError::Unreadable("there is none")));
        assert_eq!(read(&event(&json!({ "principalId": "anonymous" }))), Err(ContextError::NoEndpoint));
    }
}
