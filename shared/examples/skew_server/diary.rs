//! What is to be done later, in virtual time.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use parlor::ports::{Clock, Job, Jobs, JobsError};
use parlor::protocol::Timestamp;

/// Jobs by the moment at which they are due, and of one moment in the order in which they came.
#[derive(Debug)]
pub(crate) struct Diary {
    clock: Arc<dyn Clock>,
    jobs: Mutex<BTreeMap<(Timestamp, usize), Job>>,
}

impl Diary {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, jobs: Mutex::default() }
    }

    /// When the next job is due.
    pub(crate) fn next(&self) -> Option<Timestamp> {
        self.lock().keys().next().map(|(due, _)| *due)
    }

    /// Takes the next job that is due by then.
    pub(crate) fn take(&self, by: Timestamp) -> Option<(Timestamp, Job)> {
        let mut jobs = self.lock();
        let first = jobs.first_entry().filter(|entry| entry.key().0 <= by)?;
        let due = first.key().0;
        Some((due, first.remove()))
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<(Timestamp, usize), Job>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Jobs for Diary {
    async fn enqueue(&self, jobs: Vec<(Job, Duration)>) -> Result<(), JobsError> {
        let now = self.clock.now();
        let mut kept = self.lock();
        for (job, delay) in jobs {
            let due = now.plus(delay);
            let place = kept.range((due, 0)..=(due, usize::MAX)).next_back();
            let place = place.map_or(0, |((_, last), _)| last + 1);
            kept.insert((due, place), job);
        }
        Ok(())
    }
}
