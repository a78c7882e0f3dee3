//! What tests stand on: a clock that is set by hand, chance that repeats itself, faults on demand, and for every port
//! the suite of scenarios that each of its adapters passes.

mod seeded_random;
mod settable_clock;

pub use seeded_random::SeededRandom;
pub use settable_clock::SettableClock;
