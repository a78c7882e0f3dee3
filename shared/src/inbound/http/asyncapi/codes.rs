//! The codes with which sockets are closed, and those of errors.

use super::node::{Node, object};
use crate::protocol::{Close, ErrorCode};

/// Every reason for a close: the code where a socket is closed, the status where its handshake is refused, and whether to
/// come back.
pub(super) fn close_codes() -> Node {
    let going_away = object([
        ("close", Node::Number(1001)),
        (
            "message",
            "The server goes away, or the socket was idle for 10 minutes or open for 2 hours.".into(),
        ),
        ("reconnect", "yes".into()),
    ]);
    Close::ALL.into_iter().map(close_code).chain([going_away]).collect()
}

fn close_code(reason: Close) -> Node {
    let mut fields = vec![("close".to_owned(), Node::Number(reason.code().into()))];
    fields.extend(reason.status().map(|status| ("status".to_owned(), Node::Number(status.into()))));
    fields.push(("code".to_owned(), reason.name().into()));
    fields.push(("message".to_owned(), reason.sentence().into()));
    fields.push(("reconnect".to_owned(), reconnect(reason).into()));
    Node::Object(fields)
}

fn reconnect(reason: Close) -> &'static str {
    match reason {
        Close::OriginNotAllowed
        | Close::Unauthenticated
        | Close::NoSuchRoom
        | Close::Banned
        | Close::RoomClosed
        | Close::Removed => "no",
        Close::NotApproved => "after approval",
        Close::SessionEnded => "after signing in",
        Close::TooManyMessages => "after `retry_after`",
        Close::TooSlow => "yes",
    }
}

/// Every code that an `ERROR` may have, with its status over HTTP.
pub(super) fn error_codes() -> Node {
    let code = |code: &ErrorCode| {
        let status = Node::Number(code.status().into());
        object([("code", code.name().into()), ("status", status), ("message", code.sentence().into())])
    };
    ErrorCode::ALL.iter().map(code).collect()
}
