//! What the timer does beyond the contract of its port.
#![cfg(all(feature = "embedded", feature = "testing"))]
#![expect(clippy::unwrap_used, reason = "a test's helpers may fail as the test may")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::FutureExt;
use parlor::embedded::{JobHandler, SqliteTable, TimerJobs};
use parlor::ids::ConnectionId;
use parlor::ports::{Cause, Clock, Job, Jobs, Table};
use parlor::protocol::Timestamp;
use parlor::store::WaitingJobs;
use parlor::testing::{Fault, FaultyTable, SeededRandom, SettableClock, soon};
use tokio::sync::{Mutex, Semaphore, mpsc};
use tokio::task::JoinHandle;

/// A handler that tells what it runs, then waits for leave to end.
struct Handler {
    started: mpsc::UnboundedSender<Job>,
    leave: Semaphore,
    failing: AtomicUsize,
    panics: bool,
    running: AtomicUsize,
    most_running: AtomicUsize,
}

#[async_trait]
impl JobHandler for Handler {
    async fn handle(&self, job: Job) -> Result<(), Cause> {
        let running = self.running.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_running.fetch_max(running, Ordering::SeqCst);
        self.started.send(job)?;
        self.leave.acquire().await?.forget();
        self.running.fetch_sub(1, Ordering::SeqCst);
        let failing =
            self.failing.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        match (failing, self.panics) {
            (Err(_), _) => Ok(()),
            (Ok(_), false) => Err("it was to fail".into()),
            (Ok(_), true) => panic!("it was to panic"),
        }
    }
}

struct Bench {
    clock: Arc<SettableClock>,
    table: Arc<dyn Table>,
    handler: Arc<Handler>,
    started: Mutex<mpsc::UnboundedReceiver<Job>>,
}

impl Bench {
    fn new() -> Self {
        Self::failing(0, false)
    }

    /// A bench whose handler fails that often, or panics.
    fn failing(times: usize, panics: bool) -> Self {
        let clock = Arc::new(SettableClock::default());
        let (sender, started) = mpsc::unbounded_channel();
        let handler = Handler {
            started: sender,
            leave: Semaphore::new(0),
            failing: AtomicUsize::new(times),
            panics,
            running: AtomicUsize::new(0),
            most_running: AtomicUsize::new(0),
        };
        Self {
            table: Arc::new(SqliteTable::in_memory(Arc::clone(&clock) as _).unwrap()),
            clock,
            handler: Arc::new(handler),
            started: Mutex::new(started),
        }
    }

    async fn load(&self) -> Arc<TimerJobs> {
        self.load_from(Arc::clone(&self.table)).await
    }

    async fn load_from(&self, table: Arc<dyn Table>) -> Arc<TimerJobs> {
        let random = Arc::new(SeededRandom::default());
        Arc::new(TimerJobs::load(table, Arc::clone(&self.clock) as _, random).await.unwrap())
    }

    fn run(&self, jobs: &Arc<TimerJobs>) -> JoinHandle<()> {
        tokio::spawn(Arc::clone(jobs).run(Arc::clone(&self.handler) as _))
    }

    async fn next(&self) -> Job {
        soon("a job to start", async { self.started.lock().await.recv().await }).await.unwrap()
    }

    async fn stored(&self) -> Vec<Job> {
        let stored = WaitingJobs(&*self.table).all().await.unwrap();
        stored.into_iter().map(|job| job.job).collect()
    }
}

fn tick(micros: i64) -> Job {
    Job::Tick { at: Timestamp::from_micros(micros) }
}

fn welcome() -> Job {
    Job::Welcome { connection: "TXzPWdnOjoECGjA=".parse().unwrap() }
}

fn ticks(moments: impl IntoIterator<Item = i64>) -> Vec<(Job, Duration)> {
    moments.into_iter().map(|micros| (tick(micros), Duration::ZERO)).collect()
}

async fn end(jobs: &TimerJobs, run: JoinHandle<()>) {
    jobs.stop();
    soon("the timer to stop", run).await.unwrap();
}

#[tokio::test]
async fn what_waits_survives_a_restart_and_a_greeting_does_not() {
    let bench = Bench::new();
    bench.handler.leave.add_permits(100);
    let first = bench.load().await;
    let day =
        vec![(tick(1), Duration::from_secs(60)), (welcome(), Duration::ZERO), (tick(2), Duration::ZERO)];
    first.enqueue(day).await.unwrap();
    drop(first);
    let second = bench.load().await;
    let run = bench.run(&second);
    assert_eq!(bench.next().await, tick(2));
    bench.clock.skip_to_next_alarm().await;
    assert_eq!(bench.next().await, tick(1));
    end(&second, run).await;
    assert_eq!(bench.stored().await, []);
}

#[tokio::test]
async fn the_sign_of_life_of_a_socket_is_stored_nowhere_and_forgotten_with_the_socket() {
    let bench = Bench::new();
    bench.handler.leave.add_permits(100);
    let jobs = bench.load().await;
    let [gone, open] = ["TXzPWdnOjoECGjA=", "UXzPWdnOjoECGjA="].map(|id| id.parse().unwrap());
    let sign = |connection: &ConnectionId| Job::KeepAlive { connection: connection.clone() };
    let later = |job| (job, Duration::from_secs(480));
    jobs.enqueue(vec![later(sign(&gone)), later(sign(&open)), later(tick(1))]).await.unwrap();
    assert_eq!(bench.stored().await, [tick(1)]);
    jobs.forget(&gone);
    let run = bench.run(&jobs);
    bench.clock.skip_to_next_alarm().await;
    assert_eq!([bench.next().await, bench.next().await], [sign(&open), tick(1)]);
    end(&jobs, run).await;
}

#[tokio::test]
async fn a_job_is_stored_before_it_is_answered_for_and_until_it_is_done() {
    let bench = Bench::new();
    let jobs = bench.load().await;
    jobs.enqueue(ticks([1])).await.unwrap();
    assert_eq!(bench.stored().await, [tick(1)]);
    let run = bench.run(&jobs);
    bench.next().await;
    assert_eq!(bench.stored().await, [tick(1)]);
    bench.handler.leave.add_permits(1);
    end(&jobs, run).await;
    assert_eq!(bench.stored().await, []);
}

#[tokio::test]
async fn attempts_are_one_two_four_and_eight_seconds_apart() {
    let bench = Bench::failing(5, false);
    bench.handler.leave.add_permits(5);
    let jobs = bench.load().await;
    let run = bench.run(&jobs);
    jobs.enqueue(ticks([1])).await.unwrap();
    for pause in [1, 2, 4, 8] {
        let failed = bench.clock.now();
        bench.next().await;
        assert_eq!(bench.clock.skip_to_next_alarm().await, failed.plus(Duration::from_secs(pause)));
    }
    bench.next().await;
    end(&jobs, run).await;
    let aside = WaitingJobs(&*bench.table).all_aside().await.unwrap();
    assert_eq!(aside.iter().map(|job| (&job.job, job.attempts)).collect::<Vec<_>>(), [(&tick(1), 5)]);
    assert_eq!(bench.stored().await, []);
}

#[tokio::test]
async fn attempts_are_counted_across_a_restart() {
    let bench = Bench::failing(5, false);
    bench.handler.leave.add_permits(5);
    bench.load().await.enqueue(ticks([1])).await.unwrap();
    for _ in 0..5 {
        let jobs = bench.load().await;
        let run = bench.run(&jobs);
        // Time passes only if the job is not due yet.
        tokio::select! {
            biased;
            _ = bench.next() => {}
            _ = async { loop { bench.clock.skip_to_next_alarm().await; } } => {}
        }
        end(&jobs, run).await;
    }
    assert_eq!(bench.stored().await, []);
    assert_eq!(WaitingJobs(&*bench.table).all_aside().await.unwrap().len(), 1);
}

#[tokio::test]
async fn sixteen_jobs_run_at_a_time_and_no_more() {
    let bench = Bench::new();
    let jobs = bench.load().await;
    let run = bench.run(&jobs);
    jobs.enqueue(ticks(0..40)).await.unwrap();
    for started in 0..40 {
        bench.next().await;
        if started >= 15 {
            bench.handler.leave.add_permits(1);
        }
    }
    bench.handler.leave.add_permits(15);
    end(&jobs, run).await;
    assert_eq!(bench.handler.most_running.load(Ordering::SeqCst), 16);
}

#[tokio::test]
async fn a_stop_waits_for_what_runs_and_begins_nothing() {
    let bench = Bench::new();
    let jobs = bench.load().await;
    let mut run = bench.run(&jobs);
    jobs.enqueue(ticks([1])).await.unwrap();
    bench.next().await;
    jobs.stop();
    jobs.enqueue(ticks([2])).await.unwrap();
    assert!((&mut run).now_or_never().is_none());
    bench.handler.leave.add_permits(2);
    soon("the timer to stop", run).await.unwrap();
    assert_eq!(bench.stored().await, [tick(2)]);
}

#[tokio::test]
async fn a_job_that_panics_is_tried_again() {
    let bench = Bench::failing(1, true);
    bench.handler.leave.add_permits(2);
    let jobs = bench.load().await;
    let run = bench.run(&jobs);
    jobs.enqueue(ticks([1])).await.unwrap();
    assert_eq!(bench.next().await, tick(1));
    bench.clock.skip_to_next_alarm().await;
    assert_eq!(bench.next().await, tick(1));
    end(&jobs, run).await;
    assert_eq!(bench.stored().await, []);
}

#[tokio::test]
async fn an_end_is_noted_though_the_table_fails_now_and_then() {
    for fault in [Fault::Before, Fault::After] {
        let bench = Bench::failing(4, false);
        bench.handler.leave.add_permits(6);
        bench.load().await.enqueue(ticks([1, 2])).await.unwrap();
        let jobs = bench.load_from(Arc::new(FaultyTable::new(Arc::clone(&bench.table), 2, fault))).await;
        let run = bench.run(&jobs);
        let time_passes = tokio::spawn({
            let clock = Arc::clone(&bench.clock);
            async move {
                loop {
                    clock.skip_to_next_alarm().await;
                }
            }
        });
        for _ in 0..6 {
            bench.next().await;
        }
        end(&jobs, run).await;
        assert_eq!(bench.stored().await, []);
        time_passes.abort();
    }
}

#[tokio::test]
async fn what_a_caller_gave_up_on_while_it_was_stored_is_run_all_the_same() {
    let bench = Bench::new();
    bench.handler.leave.add_permits(1);
    let jobs = bench.load().await;
    let run = bench.run(&jobs);
    assert!(jobs.enqueue(ticks([1])).now_or_never().is_none());
    assert_eq!(bench.next().await, tick(1));
    end(&jobs, run).await;
}

#[tokio::test]
async fn jobs_that_the_table_does_not_take_are_refused_and_not_run() {
    let bench = Bench::new();
    bench.handler.leave.add_permits(1);
    let table = Arc::new(FaultyTable::new(Arc::clone(&bench.table), 2, Fault::Before));
    let jobs = bench.load_from(Arc::clone(&table) as _).await;
    jobs.enqueue(ticks([1])).await.unwrap();
    assert!(jobs.enqueue(ticks([2])).await.is_err());
    assert_eq!(table.writes(), 2);
    let run = bench.run(&jobs);
    assert_eq!(bench.next().await, tick(1));
    end(&jobs, run).await;
    assert!(bench.started.lock().await.try_recv().is_err());
}
