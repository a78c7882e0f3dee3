//! The in-process channel layer and its outboxes, over sockets in memory.
#![cfg(all(feature = "embedded", feature = "testing"))]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod contract;
mod memory_wire;
mod outbox;
