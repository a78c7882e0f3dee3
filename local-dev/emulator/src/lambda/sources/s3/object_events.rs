//! Who is told of new objects.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use parlor::ports::Clock;

use super::object_event::{NewObject, Sequencer, is_wanted, object_event};
use crate::lambda::sources::async_invocations::{AsyncInvocations, EventsFull, FirstAttempt};
use crate::lambda::wiring::ObjectSource;

/// Tells functions of new objects, asynchronously and at least once.
///
/// What AWS does now and then, a test can ask for: an event is delivered twice, or events in another order.
#[derive(Debug)]
pub struct ObjectEvents {
    sources: Vec<ObjectSource>,
    invocations: AsyncInvocations,
    clock: Arc<dyn Clock>,
    sequencer: Sequencer,
    faults: Mutex<Faults>,
}

#[derive(Debug, Default)]
struct Faults {
    duplicates_due: u32,
    /// Events that are kept back.
    held: Option<Vec<Call>>,
}

/// An event for a function.
#[derive(Debug, Clone)]
struct Call {
    function: String,
    event: Bytes,
}

/// In which order events that were held are delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReleaseOrder {
    /// The first one first.
    Sent,
    /// The last one first.
    Reversed,
}

impl ObjectEvents {
    /// For these sources.
    pub fn new(sources: Vec<ObjectSource>, invocations: AsyncInvocations, clock: Arc<dyn Clock>) -> Self {
        Self { sources, invocations, clock, sequencer: Sequencer::default(), faults: Mutex::default() }
    }

    /// The next so many events are delivered twice.
    pub fn duplicate_next(&self, events: u32) {
        let mut faults = self.faults();
        faults.duplicates_due = faults.duplicates_due.saturating_add(events);
    }

    /// From now on events are kept back.
    pub fn hold(&self) {
        self.faults().held.get_or_insert_default();
    }

    /// Delivers the events that were kept back, and from now on others at once. Each one is delivered after the first
    /// attempt at the one before has ended; answers how many there were, once the last of them has.
    pub async fn release(&self, order: ReleaseOrder) -> usize {
        let mut held = self.faults().held.take().unwrap_or_default();
        if order == ReleaseOrder::Reversed {
            held.reverse();
        }
        let count = held.len();
        for call in held {
            if let Ok(attempt) = self.submit(call).await {
                attempt.ended().await;
            }
        }
        count
    }

    /// Says so if events are still kept back: nobody will be told of them.
    pub(crate) fn finish(&self) {
        let held = self.faults().held.as_ref().map_or(0, Vec::len);
        if held > 0 {
            tracing::error!(held, "stopped before events that were kept back were released; they are lost");
        }
    }

    /// Tells whoever wants to know of an object; returns once it is certain that they will be told.
    pub(super) async fn tell(&self, object: &NewObject) {
        let now = self.clock.now();
        let sequencer = self.sequencer.next(now);
        for source in self.sources.iter().filter(|source| is_wanted(source, object)) {
            let event = object_event(source, object, &sequencer, now);
            for call in self.due_now(Call { function: source.function.clone(), event }) {
                if let Err(error) = self.submit(call).await {
                    tracing::error!(%error, bucket = object.bucket, "an event of a bucket is lost");
                }
            }
        }
    }

    /// The calls to be made now for one: none, it, or it twice.
    fn due_now(&self, call: Call) -> Vec<Call> {
        let mut faults = self.faults();
        let mut calls = vec![call];
        if let Some(left) = faults.duplicates_due.checked_sub(1) {
            faults.duplicates_due = left;
            calls.push(calls[0].clone());
        }
        match &mut faults.held {
            Some(held) => {
                held.append(&mut calls);
                Vec::new()
            }
            None => calls,
        }
    }

    async fn submit(&self, call: Call) -> Result<FirstAttempt, EventsFull> {
        self.invocations.submit(&call.function, call.event).await
    }

    fn faults(&self) -> MutexGuard<'_, Faults> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
