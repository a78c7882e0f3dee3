//! A queue in the test's own hands.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use parlor::ports::{Job, Jobs, JobsError};

/// A queue that only lists what it took; it can be told to fail.
#[derive(Debug, Default)]
pub(crate) struct ListedJobs {
    taken: Mutex<Vec<(Job, Duration)>>,
    pub(crate) fails: AtomicBool,
}

impl ListedJobs {
    pub(crate) fn take(&self) -> Vec<(Job, Duration)> {
        std::mem::take(&mut self.taken.lock().unwrap())
    }

    /// Keeps jobs that were taken for later.
    pub(crate) fn put_back(&self, jobs: Vec<(Job, Duration)>) {
        self.taken.lock().unwrap().extend(jobs);
    }

    pub(crate) fn ticks(&self) -> Vec<(i64, u64)> {
        let jobs = self.take();
        let tick = |(job, delay): (Job, Duration)| match job {
            Job::Tick { at } => Some((at.as_secs(), delay.as_secs())),
            _ => None,
        };
        jobs.into_iter().filter_map(tick).collect()
    }
}

#[async_trait]
impl Jobs for ListedJobs {
    async fn enqueue(&self, jobs: Vec<(Job, Duration)>) -> Result<(), JobsError> {
        if self.fails.load(Ordering::SeqCst) {
            return Err(JobsError("out of order".into()));
        }
        self.taken.lock().unwrap().extend(jobs);
        Ok(())
    }
}
