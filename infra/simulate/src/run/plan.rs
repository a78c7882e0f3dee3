//! What happens in a world: all of it follows from the seed, and less of it from what is left out.

use std::collections::BTreeSet;

use super::course::Course;

/// A world to be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Decides everything.
    pub seed: u64,
    /// What the world is like.
    pub course: Course,
    /// How many steps there are at most.
    pub steps: u64,
    /// Operations that are left out, by number.
    pub without: BTreeSet<usize>,
    /// People who do nothing, by number.
    pub absent: BTreeSet<usize>,
    /// Whether nothing goes wrong.
    pub is_calm: bool,
}

impl Plan {
    /// All that the seed says, up to so many steps.
    pub fn new(seed: u64, steps: u64) -> Self {
        Self {
            seed,
            course: Course::of(seed),
            steps,
            without: BTreeSet::new(),
            absent: BTreeSet::new(),
            is_calm: false,
        }
    }
}
