//! A socket opens: what its handshake says, and what the functions say of it.

pub(in crate::gateway) mod edge;
pub(in crate::gateway) mod handshake;
pub(in crate::gateway) mod shown_headers;
pub(in crate::gateway) mod upgrade_request;
