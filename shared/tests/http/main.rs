//! The HTTP routers over a table in memory and bytes in the tests' own hands.
#![cfg(all(feature = "embedded", feature = "testing"))]
#![expect(clippy::unwrap_used, reason = "what a test cannot do is its failure")]

mod house;
mod media_get;
mod media_post;
