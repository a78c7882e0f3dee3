//! The scenarios of `local-dev/tests/e2e`, run against a target.

use std::collections::BTreeSet;
use std::process::Command;

use super::social;
use crate::step::{self, Outcome, announce, cargo};

/// Scenarios about the program local-dev stand here; no other target runs them.
const LOCAL: &str = "local_dev::";
/// Scenarios in which services fail; but for one target they do so rarely.
const FAULTS: &str = "faults::";
/// That target.
const FAULTY: &str = "functions";

/// A scenario that a target cannot run, with the reason.
pub(super) type Skip = (&'static str, &'static str);

/// Runs all that the target can run, and says which scenarios it can't.
pub(super) fn run(target: &str, environment: &[(&str, String)], gaps: &[Skip]) -> Outcome {
    let listed = step::read("the scenarios", suite().args(["--list", "--format", "terse"]))?;
    let all: Vec<_> = listed.lines().filter_map(|line| line.strip_suffix(": test")).collect();
    let skipped = skipped(&all, target, gaps)?;
    let mut tests = suite();
    tests.args(["--include-ignored", "--exact"]).args(skipped.iter().flat_map(|(name, _)| ["--skip", name]));
    tests.env("PARLOR_TARGET", target).envs(environment.iter().map(|(name, value)| (name, value)));
    let outcome = step::run(&format!("the scenarios, {target}"), &mut tests);
    let ran = all.len() - skipped.len();
    let reasons: String = skipped.iter().map(|(name, reason)| format!("\n   {name} - {reason}")).collect();
    announce(&format!("{target}: {ran} scenarios ran, {} skipped:{reasons}", skipped.len()));
    outcome
}

/// So that a scenario can run local-dev's commands on a table of DynamoDB's.
pub(super) const FEATURES: &str = "local-dev/aws";

/// With the whole workspace, so that the features are those of `cargo test --workspace`, but for one of local-dev's own: little
/// is built twice.
pub(super) fn suite() -> Command {
    let mut tests = cargo();
    tests.args(["test", "--quiet", "--workspace", "--features", FEATURES, "--test", "e2e", "--"]);
    tests
}

/// What of the suite is skipped. A gap that is no scenario's name any more must go.
fn skipped<'a>(all: &[&'a str], target: &str, gaps: &[Skip]) -> Outcome<Vec<(&'a str, &'static str)>> {
    let names: BTreeSet<_> = all.iter().copied().collect();
    if let Some((gone, _)) = gaps.iter().find(|(name, _)| !names.contains(name)) {
        return Err(format!("there is no scenario {gone} to skip").into());
    }
    let reason = |name: &str| {
        let gap = gaps.iter().find(|(gap, _)| *gap == name).map(|(_, reason)| *reason);
        let is_of_faults = name.starts_with(FAULTS) && target != FAULTY;
        gap.or_else(|| name.starts_with(LOCAL).then_some("about the program local-dev itself"))
            .or_else(|| name.starts_with(social::SCENARIOS).then_some("the stage `social` runs it"))
            .or_else(|| is_of_faults.then_some("services cannot be made to fail there"))
    };
    let skipped: Vec<_> = all.iter().filter_map(|name| Some((*name, reason(name)?))).collect();
    if skipped.len() == all.len() { Err("no scenario is left to run".into()) } else { Ok(skipped) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GAP: Skip = ("feed::b", "it cannot");

    #[test]
    fn gaps_and_what_is_local_are_skipped_each_with_its_reason() {
        let skipped = skipped(&["feed::a", "feed::b", "local_dev::c"], "deployed", &[GAP]).unwrap();
        assert_eq!(skipped, [GAP, ("local_dev::c", "about the program local-dev itself")]);
    }

    #[test]
    fn what_needs_a_provider_has_a_stage_of_its_own() {
        let scenario = "social::real_provider::a";
        let skipped = skipped(&[scenario, "social::b"], "functions", &[]).unwrap();
        assert_eq!(skipped, [(scenario, "the stage `social` runs it")]);
    }

    #[test]
    fn services_fail_where_they_can_be_made_to() {
        let all = ["feed::a", "faults::b"];
        assert_eq!(skipped(&all, "functions", &[]).unwrap(), []);
        let skipped = skipped(&all, "deployed", &[]).unwrap();
        assert_eq!(skipped, [("faults::b", "services cannot be made to fail there")]);
    }

    #[test]
    fn a_gap_that_no_scenario_has_any_more_is_told() {
        assert!(skipped(&["feed::a"], "deployed", &[GAP]).unwrap_err().to_string().contains("feed::b"));
    }

    #[test]
    fn a_run_of_nothing_is_no_success() {
        assert!(skipped(&["feed::b", "local_dev::c"], "deployed", &[GAP]).is_err());
    }
}
