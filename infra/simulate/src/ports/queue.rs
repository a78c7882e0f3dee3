//! The queue: gives out each message at least once, some of them twice, in no order, and again what has failed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use parlor::inbound::queue::Redelivery;
use parlor::ports::{Cause, Job, Jobs, JobsError};
use serde_json::{Value, json};

use crate::kernel::{Gate, Happening, World};

/// How often a message is given out before it is put aside.
const ATTEMPTS: u32 = 5;
/// After how long a message comes again of which nothing was heard, in microseconds.
const VISIBILITY: i64 = 360_000_000;

#[derive(Debug, Clone)]
struct Message {
    body: String,
    attempts: u32,
    is_routine: bool,
}

#[derive(Debug, Default)]
struct Stored {
    messages: BTreeMap<u64, Message>,
    next: u64,
    dead: Vec<String>,
}

/// The queue of one world.
#[derive(Debug)]
pub(crate) struct Queue {
    world: Arc<World>,
    stored: Mutex<Stored>,
}

/// A message that was given out.
#[derive(Debug, Clone)]
pub(crate) struct GivenOut {
    pub(crate) id: u64,
    pub(crate) body: String,
    pub(crate) attempt: u32,
    /// Whether it will be put aside if this fails.
    pub(crate) is_last: bool,
}

impl Queue {
    pub(crate) fn new(world: Arc<World>) -> Self {
        Self { world, stored: Mutex::default() }
    }

    fn stored(&self) -> MutexGuard<'_, Stored> {
        self.stored.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, job: &Job, delay: Duration) -> Result<(), JobsError> {
        let body = serde_json::to_string(job).map_err(|error| JobsError(Box::new(error)))?;
        let is_routine = matches!(job, Job::KeepAlive { .. } | Job::Tick { .. });
        let message = Message { body, attempts: 0, is_routine };
        let delay = i64::try_from(delay.as_micros()).unwrap_or(0);
        let (latency, again) = self.world.draw(|chance, faults| {
            let late = if chance.one_in(faults.slow) { 3_000_000 } else { 60_000 };
            let again = chance.one_in(faults.repeated_job).then(|| chance.between(0, 60_000_000));
            (chance.between(3_000, late), again)
        });
        self.give_out_later(message.clone(), delay + latency);
        if let Some(later) = again {
            self.give_out_later(message, delay + latency + later);
        }
        Ok(())
    }

    fn give_out_later(&self, message: Message, after: i64) {
        let mut stored = self.stored();
        stored.next += 1;
        let (id, is_routine) = (stored.next, message.is_routine);
        stored.messages.insert(id, message);
        drop(stored);
        self.world.schedule(after, Happening::Delivery { message: id, is_routine });
    }

    /// Gives out a message.
    pub(crate) fn give_out(&self, id: u64) -> Option<GivenOut> {
        let mut stored = self.stored();
        let message = stored.messages.get_mut(&id)?;
        message.attempts += 1;
        let (body, attempt) = (message.body.clone(), message.attempts);
        Some(GivenOut { id, body, attempt, is_last: attempt + 1 >= ATTEMPTS })
    }

    /// What a message says that was given out.
    pub(crate) fn body(&self, id: u64) -> Option<String> {
        self.stored().messages.get(&id).map(|message| message.body.clone())
    }

    /// It was done.
    pub(crate) fn done(&self, id: u64) {
        self.stored().messages.remove(&id);
    }

    /// It was not done, or nothing is known of it: it comes again, or is put aside.
    pub(crate) fn not_done(&self, id: u64, pause: Option<Duration>) {
        let mut stored = self.stored();
        let Some(message) = stored.messages.get(&id).cloned() else { return };
        if message.attempts >= ATTEMPTS {
            stored.messages.remove(&id);
            stored.dead.push(message.body);
            return;
        }
        drop(stored);
        let pause = pause.map_or(VISIBILITY, |pause| i64::try_from(pause.as_micros()).unwrap_or(VISIBILITY));
        let again = Happening::Delivery { message: id, is_routine: message.is_routine };
        self.world.schedule(pause, again);
    }

    /// What was put aside.
    pub(crate) fn dead(&self) -> Vec<String> {
        self.stored().dead.clone()
    }
}

/// The event by which a function gets a message.
pub(crate) fn event(given: &GivenOut) -> Value {
    json!({ "Records": [{
        "messageId": given.id.to_string(),
        "receiptHandle": given.id.to_string(),
        "attributes": { "ApproximateReceiveCount": given.attempt.to_string() },
        "body": given.body,
    }] })
}

#[async_trait]
impl Jobs for Queue {
    async fn enqueue(&self, jobs: Vec<(Job, Duration)>) -> Result<(), JobsError> {
        Gate::call(&self.world, format!("enqueue {} jobs", jobs.len())).await;
        let refused = self
            .world
            .draw(|chance, faults| chance.one_in(faults.refused_jobs).then(|| chance.below(jobs.len() + 1)));
        let taken = refused.unwrap_or(jobs.len());
        for (job, delay) in jobs.iter().take(taken) {
            self.put(job, *delay)?;
        }
        if refused.is_some() {
            self.world.refuse();
            return Err(JobsError("the simulation asked for it".into()));
        }
        Ok(())
    }
}

/// When failed messages are to come again.
#[derive(Debug, Default)]
pub(crate) struct Receipts(Mutex<Option<Duration>>);

impl Receipts {
    pub(crate) fn pause(&self) -> Option<Duration> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Redelivery for Receipts {
    async fn after(&self, messages: Vec<(String, Duration)>) -> Result<(), Cause> {
        let first = messages.into_iter().next().map(|(_, pause)| pause);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = first;
        Ok(())
    }
}
