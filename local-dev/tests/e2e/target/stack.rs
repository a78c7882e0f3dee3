//! A deployed stack, as the environment tells of it.

use std::env;
use std::time::Duration;

use rusty_s3::Credentials;

use super::drop_box::{DropBox, bucket};

/// Where a stack is, and what it was deployed with.
pub struct Stack {
    /// `STACK_HTTP_URL`: the HTTP API, without a slash at the end.
    pub http: String,
    /// `STACK_SOCKETS_URL`: the WebSocket API's stage.
    pub sockets: String,
    /// `STACK_HEARTBEAT_SECONDS`: the parameter `HeartbeatSeconds`.
    pub heartbeat: Duration,
    /// The bucket, from `STACK_S3_URL`, `STACK_BUCKET` and the variables that AWS's own tools read.
    pub drops: DropBox,
}

impl Stack {
    /// The one that the environment names.
    pub fn of_environment() -> Self {
        let credentials = Credentials::new(variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY"));
        let region = variable("AWS_DEFAULT_REGION");
        let bucket = bucket(&variable("STACK_S3_URL"), &variable("STACK_BUCKET"), &region);
        Self {
            http: variable("STACK_HTTP_URL"),
            sockets: variable("STACK_SOCKETS_URL"),
            heartbeat: Duration::from_secs(variable("STACK_HEARTBEAT_SECONDS").parse().unwrap()),
            drops: DropBox::Bucket(bucket, credentials),
        }
    }
}

/// A variable that is set.
pub fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("{name} is not set: `cargo xtask e2e` knows how to run this"))
}
