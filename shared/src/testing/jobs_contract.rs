//! What every [`Jobs`] does. Its adapter runs on the bench's clock and hands what it runs to the bench's handler.

#![expect(clippy::unwrap_used, reason = "a scenario is a test")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use tokio::sync::{Mutex, mpsc};

use super::{SettableClock, soon};
use crate::ports::{Cause, Clock, Job, Jobs};
use crate::protocol::Timestamp;

/// One test for each scenario of the [`Jobs`] port.
///
/// The expression is a function that makes the adapter: it takes the [`Bench`] and answers, in a future, an
/// [`UnderTest`] and something that lives as long as the test.
#[macro_export]
macro_rules! jobs_contract_tests {
    ($make:expr) => {
        $crate::scenarios! { #[cfg(test)] $crate::testing::jobs_contract::on_bench($make), jobs_contract,
            scenarios {
                a_job_runs_when_its_delay_is_over_and_not_before,
                every_job_runs,
                a_greeting_runs_too,
                a_job_that_fails_is_tried_again,
                a_job_that_keeps_failing_is_put_aside_after_five_attempts,
                a_job_waits_for_15_minutes_at_most,
            }
        }
    };
}

/// The clock and the handler that scenarios work with.
#[derive(Debug)]
pub struct Bench {
    /// The clock of the adapter under test.
    pub clock: Arc<SettableClock>,
    /// How many attempts are yet to fail.
    failing: AtomicU32,
    attempts: mpsc::UnboundedSender<(Job, Timestamp)>,
    seen: Mutex<mpsc::UnboundedReceiver<(Job, Timestamp)>>,
}

/// An adapter on a bench.
#[async_trait]
pub trait UnderTest: Send + Sync {
    /// The port.
    fn jobs(&self) -> &dyn Jobs;

    /// Stops running jobs, then answers those that were put aside.
    async fn aside(&self) -> Vec<Job>;
}

/// An adapter and the bench that it is on.
pub struct OnBench<T> {
    bench: Arc<Bench>,
    under_test: T,
}

/// Puts an adapter on a new bench.
pub async fn on_bench<T, K, F: Future<Output = (T, K)>>(
    make: impl FnOnce(Arc<Bench>) -> F,
) -> (OnBench<T>, K) {
    let bench = Arc::new(Bench::new());
    let (under_test, kept_alive) = make(Arc::clone(&bench)).await;
    (OnBench { bench, under_test }, kept_alive)
}

impl Bench {
    fn new() -> Self {
        let (attempts, seen) = mpsc::unbounded_channel();
        Self { clock: Arc::default(), failing: AtomicU32::new(0), attempts, seen: Mutex::new(seen) }
    }

    /// What the adapter calls for each attempt.
    pub fn handle(&self, job: Job) -> Result<(), Cause> {
        // Decided before the scenario hears of the attempt, so that a job enqueued then cannot fail in its place.
        let failing =
            self.failing.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        self.attempts.send((job, self.clock.now()))?;
        match failing {
            Ok(_) => Err("an attempt that was to fail".into()),
            Err(_) => Ok(()),
        }
    }

    /// Lets the next attempts fail.
    fn fail(&self, attempts: u32) {
        self.failing.store(attempts, Ordering::SeqCst);
    }

    /// The next attempt, and when it was made. Time passes as far as it must.
    async fn next(&self) -> (Job, Timestamp) {
        let mut seen = self.seen.lock().await;
        let time_passes = async {
            loop {
                self.clock.skip_to_next_alarm().await;
            }
        };
        let next = async {
            tokio::select! {
                biased;
                attempt = seen.recv() => attempt,
                () = time_passes => None,
            }
        };
        soon("a job to be run", next).await.unwrap()
    }
}

/// The scenarios.
pub mod scenarios {
    use std::collections::BTreeSet;
    use std::time::Duration;

    use super::{OnBench, UnderTest};
    use crate::ports::{Clock, Job, MAX_JOB_DELAY};
    use crate::protocol::Timestamp;

    fn tick(slot: i64) -> Job {
        Job::Tick { at: Timestamp::from_micros(slot) }
    }

    fn slot(job: &Job) -> i64 {
        match job {
            Job::Tick { at } => at.as_micros(),
            other => panic!("not a tick: {other:?}"),
        }
    }

    /// Whatever the order in which they were enqueued.
    pub async fn a_job_runs_when_its_delay_is_over_and_not_before<T: UnderTest>(on: OnBench<T>) {
        let start = on.bench.clock.now();
        let delays = [30, 1, 900, 0, 7].map(Duration::from_secs);
        let jobs = delays.map(|delay| (tick(delay.as_secs() as i64), delay)).to_vec();
        on.under_test.jobs().enqueue(jobs).await.unwrap();
        let mut run = BTreeSet::new();
        for _ in delays {
            let (job, moment) = on.bench.next().await;
            assert!(moment.since(start) >= Duration::from_secs(slot(&job) as u64), "{job:?}");
            run.insert(slot(&job));
        }
        assert_eq!(run, [0, 1, 7, 30, 900].into());
    }

    /// More than fit one call of any queue.
    pub async fn every_job_runs<T: UnderTest>(on: OnBench<T>) {
        let jobs = (0..250).map(|n| (tick(n), Duration::from_secs(n as u64 % 3))).collect();
        on.under_test.jobs().enqueue(jobs).await.unwrap();
        on.under_test.jobs().enqueue(Vec::new()).await.unwrap();
        let mut run = BTreeSet::new();
        while run.len() < 250 {
            run.insert(slot(&on.bench.next().await.0));
        }
        assert_eq!(run, (0..250).collect());
    }

    /// Though nobody keeps it.
    pub async fn a_greeting_runs_too<T: UnderTest>(on: OnBench<T>) {
        let welcome = Job::Welcome { connection: "TXzPWdnOjoECGjA=".parse().unwrap() };
        on.under_test.jobs().enqueue(vec![(welcome.clone(), Duration::ZERO)]).await.unwrap();
        assert_eq!(on.bench.next().await.0, welcome);
    }

    /// Until it succeeds, and then no more.
    pub async fn a_job_that_fails_is_tried_again<T: UnderTest>(on: OnBench<T>) {
        on.bench.fail(4);
        on.under_test.jobs().enqueue(vec![(tick(1), Duration::ZERO)]).await.unwrap();
        for _ in 0..5 {
            assert_eq!(on.bench.next().await.0, tick(1));
        }
        on.under_test.jobs().enqueue(vec![(tick(2), Duration::from_secs(60))]).await.unwrap();
        assert_eq!(on.bench.next().await.0, tick(2));
        assert_eq!(on.under_test.aside().await, []);
    }

    /// And the others go on.
    pub async fn a_job_that_keeps_failing_is_put_aside_after_five_attempts<T: UnderTest>(on: OnBench<T>) {
        on.bench.fail(5);
        on.under_test.jobs().enqueue(vec![(tick(1), Duration::ZERO)]).await.unwrap();
        for _ in 0..5 {
            assert_eq!(on.bench.next().await.0, tick(1));
        }
        on.under_test.jobs().enqueue(vec![(tick(2), Duration::from_secs(60))]).await.unwrap();
        assert_eq!(on.bench.next().await.0, tick(2));
        assert_eq!(on.under_test.aside().await, [tick(1)]);
    }

    /// SQS takes no longer delays.
    pub async fn a_job_waits_for_15_minutes_at_most<T: UnderTest>(on: OnBench<T>) {
        let jobs = on.under_test.jobs();
        let too_long = MAX_JOB_DELAY + Duration::from_secs(1);
        assert!(jobs.enqueue(vec![(tick(1), too_long)]).await.is_err());
        jobs.enqueue(vec![(tick(2), MAX_JOB_DELAY)]).await.unwrap();
        assert_eq!(on.bench.next().await.0, tick(2));
    }
}
