//! Calls that read what was said and done in a room.

pub(in crate::inbound::http) mod events;
pub(in crate::inbound::http) mod history;
