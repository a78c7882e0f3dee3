//! When a receiver that failed is called again, and when it is given up.

use std::time::Duration;

/// The longest pause between two attempts.
pub const MAX_PAUSE: Duration = Duration::from_secs(900);
/// How long one thing is tried to be told.
pub const GIVEN_UP_AFTER: Duration = Duration::from_secs(24 * 3600);

/// The pauses after the first failures in a row; after these it is always the longest.
const PAUSES: [u64; 4] = [5, 30, 120, 600];

/// How long a receiver is left alone after so many failures in a row. It is a receiver that is left alone, and not what it
/// is to be told: one that is away would otherwise be called for each thing that happens, and each call would wait for it.
pub fn pause(failures: u32) -> Duration {
    let place = usize::try_from(failures.saturating_sub(1)).unwrap_or(usize::MAX);
    PAUSES.get(place).map_or(MAX_PAUSE, |seconds| Duration::from_secs(*seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_quarter_of_an_hour() {
        let seconds: Vec<u64> = (1..=6).map(|failures| pause(failures).as_secs()).collect();
        assert_eq!(seconds, [5, 30, 120, 600, 900, 900]);
        assert_eq!((pause(0).as_secs(), pause(u32::MAX)), (5, MAX_PAUSE));
    }
}
