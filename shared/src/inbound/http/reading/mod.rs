//! What handlers read of requests: who asks, from where, and what they send.

pub(in crate::inbound::http) mod client;
pub(in crate::inbound::http) mod input;
pub(in crate::inbound::http) mod signed_in;
