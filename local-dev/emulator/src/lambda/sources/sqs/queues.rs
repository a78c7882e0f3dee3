//! All queues: in memory, and bounded.

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use parlor::ports::Clock;
use parlor::protocol::Timestamp;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::message::{Message, NewMessage, Received, Want};
use super::queue_attributes::{QueueAttributes, no_fifo};
use super::receipt_handle::ReceiptHandle;
use super::sqs_error::{Refusal, SqsError};
use super::standard_queue::StandardQueue;
use super::stored_message::{Counts, Listed};
use crate::lambda::sources::names::new_uuid;

/// What the queues put up with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SqsLimits {
    /// The most messages of one queue in somebody's hands: AWS's own limit.
    pub in_flight: usize,
    /// The most bytes of all messages of all queues: this process's own limit.
    pub bytes: usize,
    /// The most queues: likewise.
    pub queues: usize,
}

impl Default for SqsLimits {
    fn default() -> Self {
        Self { in_flight: 120_000, bytes: 256 * 1024 * 1024, queues: 1000 }
    }
}

/// Queues by their names. Messages live as long as this does.
#[derive(Debug)]
pub struct Queues {
    queues: Mutex<BTreeMap<String, StandardQueue>>,
    clock: Arc<dyn Clock>,
    limits: SqsLimits,
    /// Ends all waiting.
    stop: CancellationToken,
}

impl Queues {
    /// None yet. Nobody waits for messages any longer once `stop` is cancelled.
    pub fn new(clock: Arc<dyn Clock>, limits: SqsLimits, stop: CancellationToken) -> Self {
        Self { queues: Mutex::default(), clock, limits, stop }
    }

    /// What time it is for the queues.
    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Makes a queue. The same one again is no error.
    pub fn create(&self, name: &str, attributes: QueueAttributes) -> Result<(), SqsError> {
        check_name(name)?;
        let now = self.clock.now();
        let mut queues = self.lock();
        match queues.get(name) {
            Some(queue) if queue.attributes == attributes => return Ok(()),
            Some(_) => {
                let message =
                    "A queue already exists with the same name and a different value for an attribute.";
                return Err(SqsError::new(Refusal::QueueNameExists, message));
            }
            None => {}
        }
        if queues.len() >= self.limits.queues {
            return Err(SqsError::new(Refusal::OverLimit, "There are too many queues."));
        }
        queues.insert(name.to_owned(), StandardQueue::new(attributes, now));
        Ok(())
    }

    /// The names that begin so.
    pub fn names(&self, prefix: &str) -> Vec<String> {
        self.lock().keys().filter(|name| name.starts_with(prefix)).cloned().collect()
    }

    /// Sends a message; answers its name.
    pub fn send(&self, queue: &str, message: NewMessage) -> Result<String, SqsError> {
        message.check()?;
        let sent_at = self.clock.now();
        let mut queues = self.lock();
        let kept: usize = queues.values().map(StandardQueue::bytes).sum();
        let queue = queues.get_mut(queue).ok_or_else(SqsError::no_queue)?;
        let longest = queue.attributes.max_message_bytes;
        if message.size() > longest {
            let reason = format!("Message must be shorter than {longest} bytes.");
            return Err(SqsError::invalid(format!("One or more parameters are invalid. Reason: {reason}")));
        }
        if kept + message.size() > self.limits.bytes {
            tracing::error!(limit = self.limits.bytes, "the queues are full; a message was refused");
            return Err(SqsError::new(Refusal::Unavailable, "The queues are full."));
        }
        let id = new_uuid();
        queue.add(Message { id: id.clone(), sent: message, sent_at, dead_letter_of: None });
        Ok(id)
    }

    /// Receives messages; waits for the first one until that moment, or for ever if there is none, or until the
    /// queues are stopped.
    pub async fn receive(
        &self,
        queue: &str,
        want: Want,
        until: Option<Timestamp>,
    ) -> Result<Vec<Received>, SqsError> {
        loop {
            let changed = self.changed(queue)?;
            let mut changed = pin!(changed.notified());
            // From here on no change is missed.
            changed.as_mut().enable();
            let (received, next) = self.take(queue, want)?;
            let is_late = until.is_some_and(|until| until <= self.clock.now());
            if !received.is_empty() || is_late || self.stop.is_cancelled() {
                return Ok(received);
            }
            let alarm = [next, until].into_iter().flatten().min();
            tokio::select! {
                () = changed => {}
                () = self.sleep(alarm) => {}
                () = self.stop.cancelled() => {}
            }
        }
    }

    /// Whether as many messages of a queue are in flight as may be.
    pub fn is_at_limit(&self, queue: &str) -> Result<bool, SqsError> {
        Ok(self.counts(queue)?.in_flight >= self.limits.in_flight)
    }

    /// Deletes what was received.
    pub fn delete(&self, queue: &str, receipt_handle: &str) -> Result<(), SqsError> {
        let handle = ReceiptHandle::parse(receipt_handle)?;
        self.with(queue, |queue, _| queue.delete(&handle))
    }

    /// Hides what was received for so long from now on.
    pub fn change_visibility(
        &self,
        queue: &str,
        receipt_handle: &str,
        timeout: Duration,
    ) -> Result<(), SqsError> {
        let handle = ReceiptHandle::parse(receipt_handle)?;
        self.with(queue, |queue, now| queue.change_visibility(now, &handle, timeout))?
    }

    /// Throws all messages of a queue away.
    pub fn purge(&self, queue: &str) -> Result<(), SqsError> {
        self.with(queue, |queue, _| queue.purge())
    }

    /// The next messages of a queue that are received are received once more, in another batch, as a standard queue
    /// may do at any time.
    pub fn duplicate_next(&self, queue: &str, messages: u32) -> Result<(), SqsError> {
        self.with(queue, |queue, _| queue.duplicate_next(messages))
    }

    /// Ends the visibility timeout of all messages of a queue that are in flight, whoever has them; answers how many there
    /// were.
    pub fn time_out(&self, queue: &str) -> Result<usize, SqsError> {
        self.with(queue, StandardQueue::time_out)
    }

    /// How many messages a queue has.
    pub fn counts(&self, queue: &str) -> Result<Counts, SqsError> {
        self.with(queue, StandardQueue::counts)
    }

    /// All messages of a queue, without receiving them.
    pub fn list(&self, queue: &str) -> Result<Vec<Listed>, SqsError> {
        self.with(queue, StandardQueue::list)
    }

    /// What a queue is like, and when it was made.
    pub fn attributes(&self, queue: &str) -> Result<(QueueAttributes, Timestamp), SqsError> {
        self.with(queue, |queue, _| (queue.attributes.clone(), queue.created_at))
    }

    /// The names of the queues that dead letters of other queues go to.
    pub fn dead_letter_queues(&self) -> Vec<String> {
        let queues = self.lock();
        let redrives = queues.values().filter_map(|queue| queue.attributes.redrive.as_ref());
        redrives.map(|redrive| redrive.dead_letters.clone()).collect()
    }

    fn take(&self, name: &str, want: Want) -> Result<(Vec<Received>, Option<Timestamp>), SqsError> {
        let now = self.clock.now();
        let mut queues = self.lock();
        let queue = queues.get_mut(name).ok_or_else(SqsError::no_queue)?;
        let room = self.limits.in_flight.saturating_sub(queue.counts(now).in_flight);
        let taken = queue.take(now, Want { messages: want.messages.min(room), ..want });
        let next = queue.next_change();
        let target = queue.attributes.redrive.as_ref().map(|redrive| redrive.dead_letters.clone());
        for dead in taken.dead {
            let target = target.as_ref().and_then(|target| queues.get_mut(target));
            match target {
                Some(target) => target.bury(dead, name),
                None => tracing::error!(queue = name, "there is no queue for a dead letter; it is lost"),
            }
        }
        Ok((taken.received, next))
    }

    fn changed(&self, queue: &str) -> Result<Arc<Notify>, SqsError> {
        self.with(queue, |queue, _| Arc::clone(&queue.changed))
    }

    fn with<T>(
        &self,
        queue: &str,
        act: impl FnOnce(&mut StandardQueue, Timestamp) -> T,
    ) -> Result<T, SqsError> {
        let now = self.clock.now();
        self.lock().get_mut(queue).map(|queue| act(queue, now)).ok_or_else(SqsError::no_queue)
    }

    async fn sleep(&self, alarm: Option<Timestamp>) {
        match alarm {
            Some(alarm) => self.clock.sleep_until(alarm).await,
            None => std::future::pending().await,
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, StandardQueue>> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn check_name(name: &str) -> Result<(), SqsError> {
    if name.ends_with(".fifo") {
        return Err(no_fifo());
    }
    let are_allowed = name.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c));
    if are_allowed && (1..=80).contains(&name.len()) {
        return Ok(());
    }
    Err(SqsError::invalid(
        "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
    ))
}

#[cfg(test)]
mod tests;
