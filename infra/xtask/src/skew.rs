//! `cargo xtask skew`: how far people are apart who watch together.

use std::env;

use crate::step::{self, Outcome, cargo, is_installed, program, target};

/// As on the command line: `--seed 7` is another run.
pub(crate) fn run() -> Outcome {
    simulate(env::args().skip(2).collect())
}

/// The run whose figures are in the guide.
pub(crate) fn usual() -> Outcome {
    simulate(Vec::new())
}

/// The page's module for a hundred players against the application, in virtual time.
fn simulate(options: Vec<String>) -> Outcome {
    if !is_installed("node") {
        return Err("the page's module runs in Node.js: install node".into());
    }
    // With the whole workspace, the features are those of `cargo test --workspace`: nothing is built twice.
    let mut build = cargo();
    step::run("the server", build.args(["build", "--workspace", "--example", "skew_server"]))?;
    let mut node = program("node");
    node.arg("infra/skew/skew.mjs").args(options);
    node.env("SKEW_SERVER", target().join("debug/examples/skew_server"));
    step::run("how far viewers are apart, in virtual time", &mut node)
}
