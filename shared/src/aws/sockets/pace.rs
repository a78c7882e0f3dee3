//! How fast one worker writes to sockets.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::ports::Clock;
use crate::protocol::Timestamp;

/// How far a worker that was idle may run ahead: a small group gets its message without waiting.
const HEAD_START: Duration = Duration::from_millis(500);

/// Hands out turns, evenly over time but for a head start.
#[derive(Debug)]
pub(in crate::aws) struct Pace {
    clock: Arc<dyn Clock>,
    interval: Duration,
    /// When the next turn would be due without a head start.
    due: Mutex<Timestamp>,
}

impl Pace {
    pub(in crate::aws) fn new(clock: Arc<dyn Clock>, per_second: NonZeroU32) -> Self {
        let interval = Duration::from_secs(1) / per_second.get();
        Self { due: Mutex::new(clock.now()), clock, interval }
    }

    /// Waits for one's turn.
    pub(in crate::aws) async fn turn(&self) {
        self.turn_before(None).await;
    }

    /// Waits for one's turn, unless it comes only after a moment: then there is none, and nobody else's is put off.
    pub(in crate::aws) async fn turn_before(&self, until: Option<Timestamp>) -> bool {
        match self.take(until) {
            Some(moment) => {
                self.clock.sleep_until(moment).await;
                true
            }
            None => false,
        }
    }

    /// Takes the next turn, if it comes in time; tells when it is.
    fn take(&self, until: Option<Timestamp>) -> Option<Timestamp> {
        let now = self.clock.now();
        let mut due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        let mine = (*due).max(now);
        let moment = now.plus(mine.since(now).saturating_sub(HEAD_START));
        let is_in_time = until.is_none_or(|until| moment < until);
        is_in_time.then(|| {
            *due = mine.plus(self.interval);
            moment
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::replay::JumpingClock;

    #[tokio::test]
    async fn turns_are_even_after_a_head_start_and_it_comes_back_with_rest() {
        let clock = Arc::new(JumpingClock::default());
        let pace = Pace::new(clock.clone(), NonZeroU32::new(100).unwrap());
        let start = clock.now();
        for _ in 0..51 {
            pace.turn().await;
        }
        assert_eq!(clock.now(), start, "fifty turns of 10 ms and the first one are free");
        for _ in 0..100 {
            pace.turn().await;
        }
        assert_eq!(clock.now().since(start), Duration::from_secs(1));
        let soon = clock.now().plus(Duration::from_millis(10));
        assert!(!pace.turn_before(Some(soon)).await, "its turn comes at that very moment");
        assert!(pace.turn_before(Some(soon.plus(Duration::from_millis(1)))).await);
        assert_eq!(clock.now(), soon, "who got no turn put nobody off");
        clock.advance(Duration::from_secs(60));
        let rested = clock.now();
        for _ in 0..51 {
            pace.turn().await;
        }
        assert_eq!(clock.now(), rested);
    }
}
