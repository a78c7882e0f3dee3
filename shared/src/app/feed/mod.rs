//! The broadcast feed: dropped texts and heartbeats.

pub(in crate::app) mod broadcast_drop;
pub(in crate::app) mod heartbeat;

pub use self::broadcast_drop::{DropFailure, DropOutcome, broadcast_drop};
pub use self::heartbeat::{every_minute, tick};
