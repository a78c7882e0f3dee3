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
pub(super) struct Pace {
    clock: Arc<dyn Clock>,
    interval: Duration,
    /// When the next turn would be due without a head start.
    due: Mutex<Timestamp>,
}

impl Pace {
    pub(super) fn new(clock: Arc<dyn Clock>, per_second: NonZeroU32) -> Self {
        let interval = Duration::from_secs(1) / per_second.get();
        Self { due: Mutex::new(clock.now()), clock, interval }
    }

    /// Waits for one's turn.
    pub(super) async fn turn(&self) {
        if let Some(moment) = self.take() {
            self.clock.sleep_until(moment).await;
        }
    }

    /// Takes a turn; tells when it is, unless it is now.
    fn take(&self) -> Option<Timestamp> {
        let now = self.clock.now();
        let mut due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        let mine = (*due).max(now);
        *due = mine.plus(self.interval);
        let wait = mine.since(now).saturating_sub(HEAD_START);
        (!wait.is_zero()).then(|| now.plus(wait))
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
        clock.advance(Duration::from_secs(60));
        let rested = clock.now();
        for _ in 0..51 {
            pace.turn().await;
        }
        assert_eq!(clock.now(), rested);
    }
}
