//! The two ports that every process has by itself: the time of day and the operating system's randomness.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;

use crate::ports::{Clock, Random};
use crate::protocol::Timestamp;

/// The longest nap of [`SystemClock::sleep_until`]: how soon it notices that somebody has set the clock.
const LONGEST_NAP: Duration = Duration::from_secs(60);

/// The machine's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the Clock port")]
    fn now(&self) -> Timestamp {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_secs(0).plus(since_1970)
    }

    async fn sleep_until(&self, moment: Timestamp) {
        loop {
            let left = moment.since(self.now());
            if left.is_zero() {
                return;
            }
            tokio::time::sleep(left.min(LONGEST_NAP)).await;
        }
    }
}

/// The operating system's random numbers.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsRandom;

impl Random for OsRandom {
    fn fill(&self, bytes: &mut [u8]) {
        if let Err(error) = getrandom::fill(bytes) {
            // Ids and secrets that somebody can guess are worse than no process at all.
            tracing::error!(%error, "the operating system has no random numbers; giving up");
            std::process::abort();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_clock_runs_and_a_sleep_ends_no_sooner_than_asked() {
        let clock = SystemClock;
        let soon = clock.now().plus(Duration::from_millis(5));
        clock.sleep_until(soon).await;
        assert!(clock.now() >= soon);
        assert!(clock.now() > Timestamp::from_secs(1_700_000_000));
    }

    #[test]
    fn random_bytes_do_not_repeat() {
        let (mut one, mut other) = ([0; 16], [0; 16]);
        OsRandom.fill(&mut one);
        OsRandom.fill(&mut other);
        assert_ne!(one, other);
        assert_ne!(one, [0; 16]);
    }
}
