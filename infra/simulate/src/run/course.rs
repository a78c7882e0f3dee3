//! What a world is like.

use crate::kernel::mix;

/// What a world is like: another one brings other bugs to light.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    /// Everybody does what they like.
    Plain,
    /// The same in fewer rooms, where much is said while a socket opens.
    SlowToOpen,
    /// Everybody comes together at the end of each round, where much collides on purpose.
    Crowded,
}

impl Course {
    /// What the world of that seed is like, unless it is said otherwise.
    pub fn of(seed: u64) -> Self {
        match mix(seed) % 10 {
            0..1 => Self::Plain,
            1..5 => Self::SlowToOpen,
            _ => Self::Crowded,
        }
    }
}
