//! One seed is one run.

use std::collections::BTreeSet;

use simulate::{Plan, Series};

/// Enough for a world to talk, fall silent, and go on.
const STEPS: u64 = 6_000;

#[test]
fn two_runs_of_one_seed_are_the_same_in_every_line_and_another_seed_is_another_run() {
    let run = |seed| Plan::new(seed, STEPS).run().unwrap();
    let hashes: BTreeSet<u64> = [run(7), run(7), run(8)].map(|report| report.hash).into();
    assert_eq!(hashes.len(), 2);
    assert_eq!(run(7).steps, run(7).steps);
}

#[test]
fn worlds_that_are_run_beside_each_other_are_what_they_are_alone() {
    let series = Series { seed: 21, steps: 3 * STEPS };
    let (alone, beside) = (series.run(1).unwrap(), series.run(2).unwrap());
    assert!(alone.found.is_none() && beside.found.is_none(), "{:?} {:?}", alone.found, beside.found);
}
