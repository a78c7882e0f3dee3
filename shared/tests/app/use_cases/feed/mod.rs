//! The feed.

pub(crate) mod heartbeats;
pub(crate) mod listening;
