//! The drop folder, with real files and the operating system's own events.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test's helpers may fail as the test may")]

mod arriving;
mod crowded;
mod fixture;
mod refused;
