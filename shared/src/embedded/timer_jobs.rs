//! What is done later, by a timer in this process.

mod waiting;

use std::error::Error as StdError;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::FutureExt;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

use self::waiting::Waiting;
use crate::ids::ConnectionId;
use crate::ports::{
    Cause, Clock, DeadLetters, DeadLettersError, Job, Jobs, JobsError, MAX_JOB_DELAY, Random, Table,
    TableError, Write,
};
use crate::store::{MAX_ADDED, WaitingJob, WaitingJobs};

/// How many jobs run at a time.
const MAX_RUNNING: usize = 16;
/// How often a job is tried before it is put aside, and how often the table is asked to note what became of it.
const MAX_ATTEMPTS: u32 = 5;

/// Does a job; it is tried again if this fails.
#[async_trait]
pub trait JobHandler: Send + Sync {
    /// Does it.
    async fn handle(&self, job: Job) -> Result<(), Cause>;
}

/// The [`Jobs`] port as a timer. Jobs lie in the table until they are done, so that they outlive the process.
#[derive(Debug)]
pub struct TimerJobs {
    timer: Arc<Timer>,
}

#[derive(Debug)]
struct Timer {
    table: Arc<dyn Table>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    waiting: Mutex<Waiting>,
    /// Rung when a job was added to those that wait.
    added: Notify,
    stopped: watch::Sender<bool>,
}

impl TimerJobs {
    /// A timer with the jobs that the table has kept. They wait for [`run`](Self::run).
    pub async fn load(
        table: Arc<dyn Table>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, TableError> {
        let kept = WaitingJobs(table.as_ref()).all().await?;
        let timer = Timer {
            table,
            clock,
            random,
            waiting: Mutex::default(),
            added: Notify::new(),
            stopped: watch::Sender::new(false),
        };
        timer.add(kept);
        Ok(Self { timer: Arc::new(timer) })
    }

    /// Runs jobs as they fall due, until [`stop`](Self::stop); returns once those that run then have ended.
    pub async fn run(self: Arc<Self>, handler: Arc<dyn JobHandler>) {
        let mut stopped = self.timer.stopped.subscribe();
        let mut running = JoinSet::new();
        while !*stopped.borrow_and_update() {
            self.timer.start_due(&mut running, &handler);
            let has_room = running.len() < MAX_RUNNING;
            tokio::select! {
                _ = stopped.changed() => {}
                () = self.timer.until_due(), if has_room => {}
                Some(_) = running.join_next() => {}
            }
        }
        while running.join_next().await.is_some() {}
    }

    /// Lets no further job begin. What waits is kept for the next process.
    pub fn stop(&self) {
        self.timer.stopped.send_replace(true);
    }
}

#[async_trait]
impl Jobs for TimerJobs {
    async fn enqueue(&self, jobs: Vec<(Job, Duration)>) -> Result<(), JobsError> {
        if jobs.iter().any(|(_, delay)| *delay > MAX_JOB_DELAY) {
            return Err(JobsError("a job waits for 15 minutes at most".into()));
        }
        let timer = Arc::clone(&self.timer);
        // In a task of its own: a caller may give up while we wait, and what is stored must be run all the same.
        let stored = tokio::spawn(async move { timer.take(jobs).await }).await;
        stored.map_err(Cause::from).and_then(|result| result.map_err(Cause::from)).map_err(JobsError)
    }

    /// Sockets may come and go much faster than signs of life fall due.
    fn forget(&self, socket: &ConnectionId) {
        self.timer.waiting().forget(socket);
    }
}

#[async_trait]
impl DeadLetters for TimerJobs {
    async fn count(&self) -> Result<u64, DeadLettersError> {
        let aside = self.timer.kept().all_aside().await;
        let aside = aside.map_err(|error| DeadLettersError(Box::new(error)))?;
        Ok(u64::try_from(aside.len()).unwrap_or(u64::MAX))
    }
}

impl Timer {
    async fn take(&self, jobs: Vec<(Job, Duration)>) -> Result<(), TableError> {
        let now = self.clock.now();
        let new = |(job, delay)| WaitingJob::new(job, now.plus(delay), self.random.as_ref());
        let (stored, passing): (Vec<_>, Vec<_>) = jobs.into_iter().map(new).partition(WaitingJob::is_lasting);
        self.add(passing);
        for jobs in stored.chunks(MAX_ADDED) {
            self.kept().add(jobs).await?;
            // What is stored is run, whatever becomes of the rest.
            self.add(jobs.to_vec());
        }
        Ok(())
    }

    fn add(&self, jobs: Vec<WaitingJob>) {
        let mut waiting = self.waiting();
        for job in jobs {
            waiting.add(job);
        }
        drop(waiting);
        self.added.notify_one();
    }

    fn kept(&self) -> WaitingJobs<'_> {
        WaitingJobs(self.table.as_ref())
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns when a job is due, or perhaps is.
    async fn until_due(&self) {
        let next = self.waiting().next_due();
        match next {
            None => self.added.notified().await,
            Some(due) => tokio::select! {
                () = self.added.notified() => {}
                () = self.clock.sleep_until(due) => {}
            },
        }
    }

    fn start_due(self: &Arc<Self>, running: &mut JoinSet<()>, handler: &Arc<dyn JobHandler>) {
        while running.len() < MAX_RUNNING {
            let Some(job) = self.waiting().pop_due(self.clock.now()) else { return };
            running.spawn(Arc::clone(self).attempt(job, Arc::clone(handler)));
        }
    }

    async fn attempt(self: Arc<Self>, job: WaitingJob, handler: Arc<dyn JobHandler>) {
        // A job that panics has failed; it must not be lost with its task.
        let handled = AssertUnwindSafe(handler.handle(job.job.clone())).catch_unwind().await;
        let Err(cause) = handled.unwrap_or_else(|_| Err("the job panicked".into())) else {
            return self.finish(&job).await;
        };
        let error = sentence(cause.as_ref());
        let due = self.clock.now().plus(pause(job.attempts + 1));
        let job = job.again(due);
        if job.attempts < MAX_ATTEMPTS {
            self.put_off(job, &error).await;
        } else {
            self.put_aside(&job, &error).await;
        }
    }

    async fn finish(&self, job: &WaitingJob) {
        if job.is_lasting() {
            self.insist(vec![job.completion()]).await;
        }
    }

    async fn put_off(&self, job: WaitingJob, error: &str) {
        tracing::warn!(job = ?job.job, attempts = job.attempts, error, "a job failed and will be tried again");
        // Should the table not take it, a new process begins counting anew: no harm.
        if job.is_lasting()
            && let Err(error) = self.kept().put_off(&job).await
        {
            tracing::warn!(error = sentence(&error), "a failed attempt could not be noted");
        }
        self.add(vec![job]);
    }

    async fn put_aside(&self, job: &WaitingJob, error: &str) {
        tracing::error!(job = ?job.job, attempts = job.attempts, error, "a job is put aside");
        match job.setting_aside(error, self.clock.now()) {
            Ok(writes) => self.insist(writes).await,
            Err(error) => tracing::error!(error = sentence(&error), "a job could not be put aside"),
        }
    }

    /// Asks the table a few times; what it does not take is as it was after a restart, and the job runs once more.
    async fn insist(&self, writes: Vec<Write>) {
        for attempt in 0..MAX_ATTEMPTS {
            if attempt > 0 {
                self.clock.sleep_until(self.clock.now().plus(pause(attempt))).await;
            }
            match self.table.transact(writes.clone()).await {
                Ok(()) => return,
                Err(error) => tracing::error!(error = sentence(&error), "a job's end could not be noted"),
            }
        }
    }
}

/// How long to wait after this many attempts: 1, 2, 4, 8 s.
fn pause(attempts: u32) -> Duration {
    Duration::from_secs(1 << attempts.saturating_sub(1))
}

/// An error and all that is behind it.
fn sentence(error: &dyn StdError) -> String {
    let mut sentence = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        sentence = format!("{sentence}: {error}");
        source = error.source();
    }
    sentence
}
