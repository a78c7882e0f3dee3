//! The description of the sockets, put together.

use super::channels::{CHANNELS, Channel};
use super::node::{Node, object};
use super::{codes, commands, events};
use crate::inbound::cookies::SESSION;

const ABOUT: &str = "What is said on sockets. A message is a JSON object with a `type`; one that is not understood is answered \
                     by `ERROR`, and the socket stays open. Five types have an `id`, from 1 without a gap in each room: \
                     `CHAT_MESSAGE`, `MESSAGE_EDITED`, `MESSAGE_DELETED`, `MESSAGE_REACTED`, `CHAT_CLEARED`. A client that keeps \
                     the highest id below which nothing is missing, and comes back with `?since=` that id, never loses a \
                     message and can drop a repeat. A frame is at most 32 KB. Fields that a client does not know are to be \
                     ignored; the server does the same. Calls over HTTP are described at `/openapi.json`.";

/// The document as it should be served.
pub fn generated() -> String {
    // Texts, numbers and names alone: there is nothing in it that JSON can't say.
    serde_json::to_string_pretty(&document()).map(|text| text + "\n").unwrap_or_default()
}

fn document() -> Node {
    let channel = |channel: &Channel| (channel.id.to_owned(), channel.described());
    object([
        ("asyncapi", "3.0.0".into()),
        ("info", info()),
        ("defaultContentType", "application/json".into()),
        ("servers", servers()),
        ("channels", CHANNELS.iter().map(channel).collect()),
        ("operations", CHANNELS.iter().flat_map(Channel::operations).collect()),
        ("components", components()),
        ("x-close-codes", codes::close_codes()),
        ("x-error-codes", codes::error_codes()),
    ])
}

fn info() -> Node {
    let license = object([("name", "MIT OR Apache-2.0".into())]);
    object([
        ("title", "Parlor: the sockets".into()),
        ("version", env!("CARGO_PKG_VERSION").into()),
        ("description", ABOUT.into()),
        ("license", license),
    ])
}

fn servers() -> Node {
    let server = |host: &str, protocol: &str, about: &str| {
        object([("host", host.into()), ("protocol", protocol.into()), ("description", about.into())])
    };
    let variable = object([("description", "The domain of the deployment.".into())]);
    object([
        ("laptop", server("localhost:8000", "ws", "`cargo run -p local-dev`")),
        ("laptopFeed", server("localhost:8765", "ws", "The feed alone, at any path")),
        (
            "deployed",
            object([
                ("host", "{host}".into()),
                ("protocol", "wss".into()),
                (
                    "description",
                    "Behind CloudFront. API Gateway's own URL takes the path as `?path=/ws/room/CODE/`."
                        .into(),
                ),
                ("variables", object([("host", variable)])),
            ]),
        ),
    ])
}

fn components() -> Node {
    object([
        ("messages", commands::messages().chain(events::messages()).collect()),
        ("schemas", events::parts().collect()),
        ("securitySchemes", security_schemes()),
    ])
}

fn security_schemes() -> Node {
    let key = |name: &str, place: &str, about: &str| {
        object([
            ("type", "httpApiKey".into()),
            ("name", name.into()),
            ("in", place.into()),
            ("description", about.into()),
        ])
    };
    let bearer = object([
        ("type", "http".into()),
        ("scheme", "bearer".into()),
        ("description", "`access_token` or `token` of a sign-in.".into()),
    ]);
    object([
        ("bearer", bearer),
        (
            "protocol",
            key(
                "Sec-WebSocket-Protocol",
                "header",
                "`ticket.<ticket>` beside `parlor.v1`, which alone is echoed.",
            ),
        ),
        ("token", key("token", "query", "A token, or the ticket of `POST /api/ws-ticket/`.")),
        (
            "cookie",
            key(
                SESSION.name,
                "cookie",
                "Set by every sign-in, for the server's own pages. Over TLS it is called `__Host-session`.",
            ),
        ),
    ])
}
