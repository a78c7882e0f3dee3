//! `cargo xtask storms`: what becomes of local-dev when it is crowded, flooded, used for long, and killed; and of the functions
//! when all that they need fails.

use std::env;

use crate::e2e::functions;
use crate::step::{self, Outcome, cargo};

/// The scenario in which it is killed while people talk, and how often.
const KILLED: &str =
    "local_dev::killed_in_talk::what_was_echoed_is_in_the_log_once_however_often_it_is_killed";
const KILLS: &str = "100";
/// The scenario in which all that the functions need fails at once, and for how many rounds of talk.
const FAULTS: &str = "faults::storm::in_a_storm_of_all_faults_nothing_that_was_echoed_is_lost_and_in_the_end_all_have_heard_all";
const ROUNDS: &str = "100";

/// All storms, or some by their names: `cargo xtask storms join churn`, of those of the benchmark, `killed` or `functions`.
pub(crate) fn run() -> Outcome {
    // It reads `/proc`.
    if !cfg!(target_os = "linux") {
        return Err("storms need Linux".into());
    }
    let named: Vec<_> = env::args().skip(2).collect();
    match named.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => crowded(&[]).and_then(|()| killed()).and_then(|()| failing()),
        ["killed"] => killed(),
        ["functions"] => failing(),
        _ => crowded(&named),
    }
}

fn crowded(named: &[String]) -> Outcome {
    let mut bench = cargo();
    bench.args(["bench", "--package", "local-dev", "--bench", "rooms", "--", "storms"]).args(named);
    step::run("crowded, flooded, used for long", &mut bench)
}

fn killed() -> Outcome {
    // With the whole workspace, the features are those of `cargo test --workspace`: nothing is built twice.
    let mut scenario = cargo();
    scenario.args(["test", "--quiet", "--workspace", "--test", "e2e", "--"]);
    scenario.args(["--exact", "--nocapture", KILLED]).env("PARLOR_KILLS", KILLS);
    has_passed(KILLED, &step::read("killed again and again while people talk", &mut scenario)?)
}

fn failing() -> Outcome {
    has_passed(FAULTS, &functions::run_one(FAULTS, ("PARLOR_STORM_ROUNDS", ROUNDS))?)
}

/// A scenario by another name would pass unseen.
fn has_passed(scenario: &str, said: &str) -> Outcome {
    println!("{said}");
    if said.contains("1 passed") { Ok(()) } else { Err(format!("there is no scenario {scenario}").into()) }
}
