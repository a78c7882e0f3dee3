//! `cargo xtask functions`: the functions behind local-dev, to try by hand.

use std::env;

use crate::e2e::dynamo_db_local;
use crate::step::{self, Outcome, cargo, program, target};

/// Everything ends at Ctrl-C. Whatever follows the command is local-dev's to read.
pub(crate) fn run() -> Outcome {
    let database = dynamo_db_local::installed()?;
    let mut build = cargo();
    build.args(["build", "--workspace", "--bins", "--example", "around_functions"]);
    step::run("the functions' binaries", &mut build)?;
    let programs = target().join("debug");
    let mut around = program(programs.join("examples/around_functions"));
    around.arg(programs.join("local-dev")).arg(&programs).args(env::args_os().skip(2));
    step::run("local-dev in front of the functions", around.env("DYNAMODB_LOCAL", database))
}
