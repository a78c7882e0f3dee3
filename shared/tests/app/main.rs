//! The application over a table in memory, with time, queues and bytes in the tests' own hands.
#![cfg(all(feature = "embedded", feature = "testing"))]
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "what a test cannot do is its failure")]

mod dropped_texts;
mod fuzz;
mod http;
mod taking_media;
mod unused;
mod use_cases;
mod vouching;
