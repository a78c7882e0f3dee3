//! Pauses between attempts, spread by chance so that those who failed together don't come back together.

use std::sync::Arc;
use std::time::Duration;

use crate::ports::{Clock, Random};

/// How often a call is made before its failure counts.
pub(super) const ATTEMPTS: u32 = 6;
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Waits between attempts.
#[derive(Debug, Clone)]
pub(super) struct Backoff {
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

impl Backoff {
    pub(super) fn new(clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        Self { clock, random }
    }

    /// Waits after a failed attempt, counted from 0: anything up to a limit that doubles each time, up to a second.
    pub(super) async fn pause(&self, attempt: u32) {
        let limit = FIRST_PAUSE.saturating_mul(1 << attempt.min(10)).min(LONGEST_PAUSE);
        let pause = self.between(Duration::ZERO, limit);
        self.clock.sleep_until(self.clock.now().plus(pause)).await;
    }

    /// A duration between two others, by chance.
    pub(super) fn between(&self, least: Duration, most: Duration) -> Duration {
        let mut bytes = [0; 4];
        self.random.fill(&mut bytes);
        let share = f64::from(u32::from_le_bytes(bytes)) / f64::from(u32::MAX);
        least + most.saturating_sub(least).mul_f64(share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::replay::{ConstantRandom, JumpingClock};

    fn backoff(byte: u8) -> (Arc<JumpingClock>, Backoff) {
        let clock = Arc::new(JumpingClock::default());
        (clock.clone(), Backoff::new(clock, Arc::new(ConstantRandom(byte))))
    }

    #[tokio::test]
    async fn pauses_double_up_to_a_second() {
        let (clock, backoff) = backoff(0xff);
        let mut pauses = Vec::new();
        for attempt in [0, 1, 4, 5, 60] {
            let before = clock.now();
            backoff.pause(attempt).await;
            pauses.push(clock.now().since(before).as_millis());
        }
        assert_eq!(pauses, [50, 100, 800, 1000, 1000]);
    }

    #[test]
    fn a_delay_by_chance_stays_between_its_bounds() {
        let (least, most) = (Duration::from_secs(1), Duration::from_secs(5));
        assert_eq!(backoff(0).1.between(least, most), least);
        assert_eq!(backoff(0xff).1.between(least, most), most);
        let middle = backoff(0x80).1.between(least, most);
        assert!(middle > Duration::from_millis(2990) && middle < Duration::from_millis(3020), "{middle:?}");
    }
}
