//! The paths of sockets.

use crate::ports::Endpoint;

/// What is at a path, with or without a slash at its end.
pub(in crate::inbound) fn endpoint(path: &str) -> Option<Endpoint> {
    let path = path.trim_end_matches('/');
    match path {
        "" | "/ws/feed" => return Some(Endpoint::Feed),
        "/ws/chat" | "/ws/notifications" => return Some(Endpoint::Inbox),
        _ => {}
    }
    let (kind, code) = path.strip_prefix("/ws/")?.split_once('/')?;
    let code = code.parse().ok()?;
    match kind {
        "chat" => Some(Endpoint::Chat(code)),
        "conversations" => Some(Endpoint::Conversation(code)),
        "room" => Some(Endpoint::Watch(code)),
        _ => None,
    }
}
