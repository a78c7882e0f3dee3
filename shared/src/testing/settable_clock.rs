//! A clock that stands still until it is told.

use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::watch;

use crate::ports::Clock;
use crate::protocol::Timestamp;

/// A [`Clock`] that stands still until it is told; whoever sleeps wakes when their moment has been set.
#[derive(Debug)]
pub struct SettableClock {
    now: watch::Sender<Timestamp>,
}

impl SettableClock {
    /// A clock that shows this moment.
    pub fn at(now: Timestamp) -> Self {
        Self {
            now: watch::Sender::new(now),
        }
    }

    /// Shows another moment, earlier or later.
    pub fn set(&self, now: Timestamp) {
        self.now.send_replace(now);
    }

    /// Lets time pass.
    pub fn advance(&self, by: Duration) {
        self.now.send_modify(|now| *now = now.plus(by));
    }
}

/// A moment in 2027, at a whole second.
impl Default for SettableClock {
    fn default() -> Self {
        Self::at(Timestamp::from_secs(1_800_000_000))
    }
}

#[async_trait]
impl Clock for SettableClock {
    fn now(&self) -> Timestamp {
        *self.now.borrow()
    }

    async fn sleep_until(&self, moment: Timestamp) {
        // The sender lives in `self`, so that this ends only by the moment's coming.
        let _ = self.now.subscribe().wait_for(|now| *now >= moment).await;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[tokio::test]
    async fn a_sleeper_wakes_when_its_moment_has_come_and_not_before() {
        let clock = Arc::new(SettableClock::default());
        let moment = clock.now().plus(Duration::from_secs(2));
        let sleeper = tokio::spawn({
            let clock = Arc::clone(&clock);
            async move {
                clock.sleep_until(moment).await;
                clock.now()
            }
        });
        tokio::task::yield_now().await;
        clock.advance(Duration::from_secs(1));
        tokio::task::yield_now().await;
        assert!(!sleeper.is_finished());
        clock.advance(Duration::from_secs(1));
        assert_eq!(sleeper.await.unwrap(), moment);
    }

    #[tokio::test]
    async fn a_moment_that_has_passed_is_not_waited_for() {
        let clock = SettableClock::default();
        clock.sleep_until(clock.now()).await;
        clock.sleep_until(Timestamp::from_secs(0)).await;
    }
}
