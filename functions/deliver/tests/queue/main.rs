//! The queue as the template wires it to this function: what `SqsJobs` sends reaches the batch handler through queues
//! that behave as SQS's do.
#![expect(clippy::unwrap_used, reason = "a test's helpers may fail as the test may")]

mod patient_clock;
mod wired_queue;
mod worker;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use parlor::ports::{Clock as _, Job, Jobs};
use parlor::protocol::Timestamp;
use parlor::testing::jobs_contract::{Bench, UnderTest};
use parlor::testing::{SettableClock, soon};

use wired_queue::WiredQueue;

#[async_trait]
impl UnderTest for WiredQueue {
    fn jobs(&self) -> &dyn Jobs {
        self.jobs()
    }

    async fn aside(&self) -> Vec<Job> {
        soon("all jobs to be done or given up", self.dead_letters()).await
    }
}

async fn make(bench: Arc<Bench>) -> (WiredQueue, ()) {
    let clock = bench.clock.clone();
    (WiredQueue::start(clock, move |job| bench.handle(job)).await, ())
}

parlor::jobs_contract_tests!(make);

fn tick(slot: i64) -> Job {
    Job::Tick { at: Timestamp::from_micros(slot) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_batch_only_what_failed_comes_again() {
    let clock = Arc::new(SettableClock::default());
    let attempts = Arc::new(Mutex::new(BTreeMap::<i64, u32>::new()));
    let tally = attempts.clone();
    let queue = WiredQueue::start(clock.clone(), move |job| {
        let Job::Tick { at } = job else { return Err("not a tick".into()) };
        let mut tally = tally.lock().unwrap();
        let attempt = tally.entry(at.as_micros()).or_default();
        *attempt += 1;
        if at.as_micros() % 3 == 0 && *attempt == 1 { Err("at first".into()) } else { Ok(()) }
    });
    let queue = queue.await;
    queue.jobs().enqueue((0..20).map(|slot| (tick(slot), Duration::ZERO)).collect()).await.unwrap();
    assert_eq!(soon("all jobs to be done", queue.dead_letters()).await, []);
    let expected = (0..20).map(|slot| (slot, if slot % 3 == 0 { 2 } else { 1 })).collect();
    assert_eq!(*attempts.lock().unwrap(), expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_fails_once_or_twice_comes_again_within_seconds_and_then_when_the_queue_gives_it_out() {
    let clock = Arc::new(SettableClock::default());
    let attempts = Arc::new(Mutex::new(Vec::new()));
    let (tally, now) = (attempts.clone(), clock.clone());
    let queue = WiredQueue::start(clock.clone(), move |_| {
        let mut tally = tally.lock().unwrap();
        tally.push(now.now().as_secs());
        if tally.len() < 4 { Err("away".into()) } else { Ok(()) }
    });
    let queue = queue.await;
    queue.jobs().enqueue(vec![(tick(1), Duration::ZERO)]).await.unwrap();
    assert_eq!(soon("the job to be done", queue.dead_letters()).await, []);
    let attempts = attempts.lock().unwrap();
    let pauses: Vec<i64> = attempts.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert_eq!(pauses, [5, 30, 360]);
}
