//! The functions' binaries behind local-dev, on DynamoDB Local and an S3 server.

use std::env::consts;

use super::dynamo_db_local;
use super::scenarios::{self, Skip};
use crate::step::{self, Outcome, announce, cargo, is_installed, target};

/// Each scenario runs a local-dev and functions of its own, in dozens of processes.
const SCENARIOS_AT_A_TIME: &str = "3";

/// There is nothing that it could not do.
const GAPS: [Skip; 0] = [];

/// Builds the binaries, and runs the scenarios against them. How processes are run is Linux's way.
pub(super) fn run() -> Outcome {
    if consts::OS != "linux" || !is_installed("java") {
        announce("the functions behind local-dev: passed over, since that needs Linux and Java");
        return Ok(());
    }
    let mut environment = built()?;
    environment.push(("RUST_TEST_THREADS", SCENARIOS_AT_A_TIME.to_owned()));
    scenarios::run("functions", &environment, &GAPS)
}

/// Runs one scenario, by its whole name, with more in its environment; answers what it says.
pub(crate) fn run_one(name: &str, more: (&'static str, &str)) -> Outcome<String> {
    let environment = built()?;
    let mut test = scenarios::suite();
    test.args(["--include-ignored", "--exact", "--nocapture", name]);
    test.env("PARLOR_TARGET", "functions").env(more.0, more.1);
    step::read(name, test.envs(environment))
}

/// Builds the binaries; answers the environment in which scenarios find them.
fn built() -> Outcome<Vec<(&'static str, String)>> {
    let database = dynamo_db_local::installed()?;
    // With the suite's features: nothing is built twice.
    let mut build = cargo();
    build.args(["build", "--workspace", "--features", scenarios::FEATURES, "--bins", "--test", "e2e"]);
    step::run("the functions' binaries", &mut build)?;
    Ok(vec![
        ("DYNAMODB_LOCAL", database.display().to_string()),
        ("FUNCTIONS_FOLDER", target().join("debug").display().to_string()),
    ])
}
