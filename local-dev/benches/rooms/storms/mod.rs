//! Storms: what becomes of local-dev under loads that are unkind to it.

mod churn;
mod hostile;
mod join_storm;
mod neighbours;

use crate::Failure;

/// Prints a storm's figures; answers whether it is within its limit.
type Storm = fn() -> Result<bool, Failure>;

/// By the names under which one of them can be run alone.
const STORMS: [(&str, Storm); 3] =
    [("neighbours", neighbours::measure), ("join", join_storm::measure), ("churn", churn::measure)];

/// Prints those that are named, or all where none is; answers whether each is within its limit.
pub(crate) fn measure() -> Result<bool, Failure> {
    let named = |name: &str| std::env::args().any(|argument| argument == name);
    let is_any_named = STORMS.iter().any(|(name, _)| named(name));
    let mut passed = true;
    for (_, storm) in STORMS.iter().filter(|(name, _)| !is_any_named || named(name)) {
        passed &= storm()?;
    }
    Ok(passed)
}
