//! What a handshake asks for.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use crate::inbound::credentials::{PROTOCOL, offered};
use crate::inbound::gateway_event::GatewayEvent;
use crate::inbound::socket_path::endpoint;
use crate::ports::Endpoint;
use crate::protocol::Dialect;

/// What a handshake's query and sub-protocols say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Handshake {
    pub(super) endpoint: Endpoint,
    pub(super) dialect: Dialect,
    pub(super) since: Option<u64>,
}

impl Handshake {
    /// Reads a handshake; none if there is nothing at its path.
    pub(super) fn of(event: &GatewayEvent) -> Option<Self> {
        let endpoint = endpoint(&path(event))?;
        let since = event.query("since");
        let speaks_parlor = offered(event.header("sec-websocket-protocol")).any(|name| name == PROTOCOL);
        let all_events = speaks_parlor || since.is_some() || event.query("events") == Some("all");
        let since = since.and_then(|id| id.parse().ok());
        Some(Self { dialect: endpoint.dialect(all_events), endpoint, since })
    }
}

/// The path that a handshake asks for: `?path=`, as the edge in front of the gateway writes it; without one, the feed.
///
/// The edge sends `path=%2Fws%2Ffeed%2F`, and AWS does not document whether `$connect` events carry decoded values. A path
/// begins with a slash, so a value that begins with an encoded one has not been decoded yet.
fn path(event: &GatewayEvent) -> Cow<'_, str> {
    match event.query("path").unwrap_or("/") {
        encoded if encoded.starts_with('%') => percent_decode_str(encoded).decode_utf8_lossy(),
        decoded => Cow::Borrowed(decoded),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::ids::RoomCode;

    fn read(query: Value, protocols: &str) -> Option<Handshake> {
        let event = json!({
            "queryStringParameters": query,
            "headers": { "Sec-WebSocket-Protocol": protocols },
        });
        Handshake::of(&serde_json::from_value(event).unwrap())
    }

    fn at(path: &str) -> Option<Endpoint> {
        read(json!({ "path": path }), "").map(|handshake| handshake.endpoint)
    }

    fn kino() -> RoomCode {
        "Kino".parse().unwrap()
    }

    #[test]
    fn each_path_leads_to_its_endpoint_with_and_without_a_slash_at_the_end() {
        for (path, endpoint) in [
            ("/", Endpoint::Feed),
            ("/ws/feed/", Endpoint::Feed),
            ("/ws/chat/", Endpoint::Inbox),
            ("/ws/notifications/", Endpoint::Inbox),
            ("/ws/chat/Kino/", Endpoint::Chat(kino())),
            ("/ws/conversations/Kino/", Endpoint::Conversation(kino())),
            ("/ws/room/Kino/", Endpoint::Watch(kino())),
        ] {
            assert_eq!(at(path), Some(endpoint.clone()), "{path}");
            assert_eq!(at(path.trim_end_matches('/')), Some(endpoint.clone()), "{path}");
            assert_eq!(at(&path.replace('/', "%2F")), Some(endpoint), "{path} as the edge encodes it");
        }
        assert_eq!(read(json!({}), "").unwrap().endpoint, Endpoint::Feed);
    }

    #[test]
    fn a_path_is_decoded_once_whether_the_gateway_has_done_so_or_not() {
        let path = |text: &str| {
            let event = json!({ "queryStringParameters": { "path": text } });
            path(&serde_json::from_value(event).unwrap()).into_owned()
        };
        for spelled in ["/ws/room/caf%C3%A9%2F/", "%2Fws%2Froom%2Fcaf%25C3%25A9%252F%2F"] {
            assert_eq!(path(spelled), "/ws/room/caf%C3%A9%2F/");
        }
    }

    #[test]
    fn anything_else_leads_nowhere() {
        for path in [
            "/ws",
            "/ws/room",
            "/ws/dance/Kino",
            "/ws/room/Ki no",
            "/ws/chat/a/b",
            "/ws/feed/x",
            "ws/feed",
            "/WS/feed",
            "ws%2Ffeed",
            "%252Fws%252Ffeed",
            "%FF",
        ] {
            assert_eq!(at(path), None, "{path}");
        }
        assert_eq!(at(&format!("/ws/chat/{}", "x".repeat(65))), None);
    }

    #[test]
    fn a_client_of_a_rooms_chat_gets_all_events_if_it_asks_for_them_in_any_way() {
        let dialect = |query: Value, protocols| read(query, protocols).unwrap().dialect;
        let chat = "/ws/chat/Kino/";
        assert_eq!(dialect(json!({ "path": chat }), "ticket.abc"), Dialect::Plain);
        assert_eq!(dialect(json!({ "path": "/ws/chat/17/" }), ""), Dialect::Numbered);
        for (query, protocols) in [
            (json!({ "path": chat, "events": "all" }), ""),
            (json!({ "path": chat, "since": "0" }), ""),
            (json!({ "path": chat }), "ticket.abc, parlor.v1"),
        ] {
            assert_eq!(dialect(query.clone(), protocols), Dialect::Full, "{query} {protocols}");
        }
        assert_eq!(dialect(json!({ "path": chat, "events": "some" }), ""), Dialect::Plain);
    }

    #[test]
    fn what_a_client_knows_already_is_a_number_or_nothing() {
        let since = |text: &str| read(json!({ "path": "/ws/room/Kino/", "since": text }), "").unwrap().since;
        assert_eq!(since("57"), Some(57));
        for text in ["", "-1", "x", "1.5", "99999999999999999999999"] {
            assert_eq!(since(text), None, "{text:?}");
        }
    }
}
