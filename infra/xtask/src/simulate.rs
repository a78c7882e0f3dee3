//! `cargo xtask simulate`: many clients over the real application in virtual time, with faults.

use std::env;

use crate::step::{self, Outcome, cargo, program, target};

/// What each end-to-end run does of it, with a seed of its own.
const STEPS: &str = "200000";

/// As on the command line: `--seed 7`, `--steps 10000000 --parallel`, `--mutants`.
pub(crate) fn run() -> Outcome {
    simulate(env::args().skip(2).collect())
}

/// As much as every change has to bear.
pub(crate) fn usual() -> Outcome {
    simulate(["--parallel", "--steps", STEPS].map(str::to_owned).to_vec())
}

fn simulate(options: Vec<String>) -> Outcome {
    let mut build = cargo();
    // With the whole workspace, the features are those of `cargo test --workspace`: nothing is built twice.
    build.args(["build", "--workspace", "--bin", "simulate"]);
    let is_planted = options.iter().any(|option| option == "--mutants");
    if is_planted {
        build.args(["--features", "simulate/mutants"]);
    }
    step::run("the simulation", &mut build)?;
    let mut simulation = program(target().join("debug/simulate"));
    step::run("many clients in virtual time", simulation.args(options))
}
