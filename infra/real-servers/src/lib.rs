//! Servers for tests that take nothing for granted: Amazon's own DynamoDB Local, and an S3 that verifies signatures and
//! keeps versions. Both listen on ports that the system chooses and end with the test.
//!
//! [`S3Server`] is part of this process. [`DynamoDbLocal`] is a Java program that `cargo xtask e2e` installs; tests that
//! need it are ignored unless that command runs them.
//!
//! Neither is for anything but tests: what fails here panics with a sentence.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test's server that cannot start is the test's failure"
)]

mod dynamo_db_local;
mod s3_server;

pub use dynamo_db_local::DynamoDbLocal;
pub use s3_server::{ObjectCreated, S3Server};
