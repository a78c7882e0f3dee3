//! A clock that stands still until it is told to go on.

use std::time::Duration;

use async_trait::async_trait;
use parlor::ports::Clock;
use parlor::protocol::Timestamp;
use tokio::sync::watch;

#[derive(Debug)]
pub(crate) struct TestClock(watch::Sender<Timestamp>);

impl Default for TestClock {
    fn default() -> Self {
        Self(watch::Sender::new(Timestamp::from_secs(1_800_000_000)))
    }
}

impl TestClock {
    pub(crate) fn advance(&self, time: Duration) {
        self.0.send_modify(|now| *now = now.plus(time));
    }
}

#[async_trait]
impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        *self.0.borrow()
    }

    async fn sleep_until(&self, moment: Timestamp) {
        // The sender is this clock itself: it outlives the wait.
        let _ = self.0.subscribe().wait_for(|now| *now >= moment).await;
    }
}
