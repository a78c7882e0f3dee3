//! The ports on AWS, on servers that are no imitations of ours: DynamoDB Local and an S3 that verifies signatures.
#![cfg(all(feature = "aws", feature = "testing"))]
#![expect(clippy::unwrap_used, reason = "a test's helpers may fail as the test may")]

mod direct_uploads;
mod dropped_texts;
mod heartbeats;
mod media;
mod servers;
mod signed_downloads;
mod table;
