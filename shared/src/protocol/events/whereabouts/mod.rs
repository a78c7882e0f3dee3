//! Where events happen, and by whom.

pub(in crate::protocol::events) mod action;
pub(in crate::protocol::events) mod in_room;
pub(in crate::protocol::events) mod place;
