//! A clock on which no time passes while a message is being worked on.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, OnceLock};

use async_trait::async_trait;
use emulator::lambda::sources::sqs::{Listed, Queues, State};
use parlor::ports::Clock;
use parlor::protocol::Timestamp;
use parlor::testing::SettableClock;

/// The attempts that failed: a message's name, and how often it had been received.
pub(crate) type FailedAttempts = Arc<Mutex<BTreeSet<(String, u32)>>>;

/// A test's clock goes on to the next alarm. The queues set theirs only when whatever they gave away has been deleted or
/// has failed: or else a message would be given away twice because its handler took a moment of real time.
#[derive(Debug)]
pub(crate) struct PatientClock {
    pub(crate) clock: Arc<SettableClock>,
    pub(crate) queue: String,
    pub(crate) failed: FailedAttempts,
    /// Known as soon as the queues are, which want a clock first.
    pub(crate) queues: OnceLock<Arc<Queues>>,
}

impl PatientClock {
    /// Lets time pass to when the first message can be received again, if all of them wait for that.
    pub(crate) fn advance_if_all_wait(&self) {
        let Some(waiting) = self.waiting() else { return };
        let next = waiting.iter().map(|listed| match listed.state {
            State::Ready => self.clock.now(),
            State::Delayed { until } | State::InFlight { until, .. } => until,
        });
        if let Some(next) = next.min() {
            self.clock.advance(next.since(self.clock.now()));
        }
    }

    /// All messages, if none is being worked on. What has failed is read first: what the queue says then is at least as
    /// new, so that nobody has told it since when a failed message is to come again.
    fn waiting(&self) -> Option<Vec<Listed>> {
        let failed = self.failed.lock().unwrap().clone();
        let listed = self.queues.get()?.list(&self.queue).unwrap();
        listed.iter().all(|listed| is_settled(listed, &failed)).then_some(listed)
    }
}

fn is_settled(listed: &Listed, failed: &BTreeSet<(String, u32)>) -> bool {
    let attempt = (listed.message.id.clone(), listed.receive_count);
    !matches!(listed.state, State::InFlight { .. }) || failed.contains(&attempt)
}

#[async_trait]
impl Clock for PatientClock {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    async fn sleep_until(&self, moment: Timestamp) {
        while self.waiting().is_none() {
            tokio::task::yield_now().await;
        }
        self.clock.sleep_until(moment).await;
    }
}
