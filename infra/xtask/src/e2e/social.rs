//! Signing in by a certified OpenID provider, which is installed below `target/tools` if need be.

use std::env::consts;
use std::fs;
use std::path::PathBuf;

use super::dynamo_db_local;
use super::scenarios::suite;
use crate::step::{self, Outcome, announce, cargo, is_installed, program, root, target};

/// The scenarios that need the provider.
pub(super) const SCENARIOS: &str = "social::real_provider::";
/// Names the provider's script.
const SCRIPT: &str = "OPENID_PROVIDER";

/// The scenarios against local-dev, and against the real `api` function where that runs.
pub(super) fn run() -> Outcome {
    if !is_installed("node") || !is_installed("npm") {
        return Err("the OpenID provider is a program of Node.js: install node and npm".into());
    }
    let script = installed()?.join("provider.mjs").display().to_string();
    step::run("signing in by a provider, local", suite().args(SELECTED).env(SCRIPT, &script))?;
    if consts::OS != "linux" || !is_installed("java") {
        announce("the same by the functions: passed over, since that needs Linux and Java");
        return Ok(());
    }
    let database = dynamo_db_local::installed()?;
    // With the suite, the features are those of `cargo test --workspace`: nothing is built twice.
    let mut build = cargo();
    step::run("the functions' binaries", build.args(["build", "--workspace", "--bins", "--test", "e2e"]))?;
    let mut tests = suite();
    tests.args(SELECTED).args(["--test-threads", "2"]);
    tests.env(SCRIPT, &script).env("PARLOR_TARGET", "functions").env("DYNAMODB_LOCAL", database);
    tests.env("FUNCTIONS_FOLDER", target().join("debug"));
    step::run("signing in by a provider, functions", &mut tests)
}

const SELECTED: [&str; 2] = ["--include-ignored", SCENARIOS];

/// The provider beside what it needs: outside the source tree, where nothing is installed.
fn installed() -> Outcome<PathBuf> {
    let folder = target().join("tools/openid");
    fs::create_dir_all(&folder)?;
    for file in fs::read_dir(root().join("infra/openid"))? {
        let file = file?;
        fs::copy(file.path(), folder.join(file.file_name()))?;
    }
    if !folder.join("node_modules/oidc-provider").exists() {
        let mut npm = program("npm");
        npm.args(["install", "--no-audit", "--no-fund", "--silent"]).current_dir(&folder);
        step::run("the OpenID provider", &mut npm)?;
    }
    Ok(folder)
}
