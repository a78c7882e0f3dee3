//! `cargo xtask storms`: what becomes of local-dev when it is crowded, flooded, used for long, and killed.

use std::env;

use crate::step::{self, Outcome, cargo};

/// The scenario in which it is killed while people talk, and how often.
const KILLED: &str =
    "local_dev::killed_in_talk::what_was_echoed_is_in_the_log_once_however_often_it_is_killed";
const KILLS: &str = "100";

/// All storms, or those of the benchmark that are named: `cargo xtask storms join churn`.
pub(crate) fn run() -> Outcome {
    // It reads `/proc`.
    if !cfg!(target_os = "linux") {
        return Err("storms need Linux".into());
    }
    let named: Vec<_> = env::args().skip(2).collect();
    let mut bench = cargo();
    bench.args(["bench", "--package", "local-dev", "--bench", "rooms", "--", "storms"]).args(&named);
    step::run("crowded, flooded, used for long", &mut bench)?;
    if named.is_empty() { killed() } else { Ok(()) }
}

fn killed() -> Outcome {
    // With the whole workspace, the features are those of `cargo test --workspace`: nothing is built twice.
    let mut scenario = cargo();
    scenario.args(["test", "--quiet", "--workspace", "--test", "e2e", "--"]);
    scenario.args(["--exact", "--nocapture", KILLED]).env("PARLOR_KILLS", KILLS);
    let said = step::read("killed again and again while people talk", &mut scenario)?;
    println!("{said}");
    // A scenario by another name would pass unseen.
    if said.contains("1 passed") { Ok(()) } else { Err(format!("there is no scenario {KILLED}").into()) }
}
