//! How much one person may say in a room: the generic cell rate algorithm (GCRA), whose whole state is one moment.
//!
//! A budget of 5 in 3 s is one message each 600 ms, of which 5 may be spent at once. The moment stored is the one at
//! which all of it would be there again.

use std::time::Duration;

use crate::protocol::Timestamp;

/// So many within so long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// How many.
    pub times: u32,
    /// Within how long.
    pub within: Duration,
}

/// What a budget says of one more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// It may be; this is the moment to store.
    Free(Timestamp),
    /// It is too much.
    Spent {
        /// How long until one more may be.
        wait: Duration,
    },
}

impl Budget {
    /// So many within so many seconds.
    pub const fn new(times: u32, seconds: u64) -> Self {
        Self { times, within: Duration::from_secs(seconds) }
    }

    /// The time that one of them takes.
    pub fn step(self) -> Duration {
        self.within / self.times.max(1)
    }

    /// The latest stored moment with which one more may be.
    pub fn latest(self, now: Timestamp) -> Timestamp {
        now.plus(self.step() * self.times.saturating_sub(1))
    }

    /// Spends one more, given the stored moment.
    pub fn spend(self, stored: Option<Timestamp>, now: Timestamp) -> Pace {
        let stored = stored.unwrap_or(now).max(now);
        if stored <= self.latest(now) {
            Pace::Free(stored.plus(self.step()))
        } else {
            Pace::Spent { wait: stored.since(self.latest(now)) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUDGET: Budget = Budget::new(5, 3);

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_micros(millis * 1000)
    }

    #[test]
    fn five_may_be_said_at_once_and_the_sixth_waits() {
        let mut stored = None;
        for _ in 0..5 {
            let Pace::Free(next) = BUDGET.spend(stored, at(0)) else { panic!("spent too early") };
            stored = Some(next);
        }
        assert_eq!(BUDGET.spend(stored, at(0)), Pace::Spent { wait: Duration::from_millis(600) });
        assert_eq!(BUDGET.spend(stored, at(600)), Pace::Free(at(3600)));
    }

    /// Whatever somebody tries, no window of three seconds sees more than twice the budget, and the long run no more
    /// than the rate.
    #[test]
    fn nobody_says_more_than_the_rate_in_the_long_run() {
        for gap in [0, 1, 7, 100, 599, 601, 5000] {
            let (mut stored, mut said, mut now) = (None, 0_i64, 0_i64);
            while now < 60_000 {
                if let Pace::Free(next) = BUDGET.spend(stored, at(now)) {
                    (stored, said) = (Some(next), said + 1);
                }
                now += gap.max(1);
            }
            assert!(said <= 5 + 60_000 / 600, "{said} with a gap of {gap} ms");
        }
    }

    #[test]
    fn a_stored_moment_that_lies_far_ahead_is_waited_for() {
        let wait = Duration::from_secs(100) - BUDGET.step() * 4;
        assert_eq!(BUDGET.spend(Some(at(100_000)), at(0)), Pace::Spent { wait });
    }
}
