//! What the gateway tells of sockets and functions. Of a handshake, never more than its path: its query and headers may
//! carry tokens.

use axum::http::StatusCode;
use parlor::embedded::Ending;
use parlor::ids::ConnectionId;
use parlor::protocol::Timestamp;

use super::events::Origin;
use super::functions::FunctionError;

/// The authorizer's text that says who it is.
const USER: &str = "user";

/// A socket has opened.
pub(super) fn opened(origin: &Origin, path: &str) {
    let user = origin.context(USER);
    tracing::debug!(connection = %origin.id, path, user, "a socket opened");
}

/// An open socket has ended.
pub(super) fn closed(origin: &Origin, (code, reason): &(u16, String), now: Timestamp) {
    let seconds = now.since(origin.connected_at).as_secs();
    tracing::debug!(connection = %origin.id, code, reason, seconds, "a socket closed");
}

/// The client left before its handshake was answered.
pub(super) fn never_opened(id: &ConnectionId) {
    tracing::debug!(connection = %id, "a socket's client left before it was open");
}

/// A handshake was refused with a status.
pub(super) fn refused(path: &str, status: StatusCode) {
    tracing::debug!(path, status = status.as_u16(), "a socket was refused");
}

/// A handshake was refused by a close code.
pub(super) fn closed_at_once(path: &str, ending: &Ending) {
    tracing::debug!(path, code = ending.code, reason = &*ending.reason, "a socket was refused");
}

/// A function has failed.
pub(super) fn failure(route: &str, error: &FunctionError) {
    let cause = std::error::Error::source(error).map(ToString::to_string);
    tracing::error!(route, %error, cause, "a function did not answer");
}
