//! The broadcast feed: dropped texts and heartbeats.

pub mod drop;
pub mod heartbeat;
