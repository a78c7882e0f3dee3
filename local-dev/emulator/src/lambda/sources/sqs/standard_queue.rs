//! One standard queue: which of its messages can be received, are on their way, or are in somebody's hands.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use parlor::protocol::Timestamp;
use tokio::sync::Notify;

use super::message::{Message, Received, Want};
use super::queue_attributes::{MAX_VISIBILITY_SECONDS, QueueAttributes};
use super::receipt_handle::ReceiptHandle;
use super::sqs_error::{Refusal, SqsError};
use super::stored_message::{Counts, DeadLetter, Listed, State, Stored, Taken};

/// What a message's answer weighs beside its body and attributes.
const RECORD_BYTES: usize = 1024;

/// A queue. It has no clock: whoever calls says what time it is.
#[derive(Debug)]
pub(super) struct StandardQueue {
    pub(super) attributes: QueueAttributes,
    pub(super) created_at: Timestamp,
    /// Rung when a message may have become visible.
    pub(super) changed: Arc<Notify>,
    messages: BTreeMap<u64, Stored>,
    next_place: u64,
    ready: BTreeSet<u64>,
    /// Those that become visible later, and when.
    hidden: BTreeSet<(Timestamp, u64)>,
    in_flight: usize,
    /// When messages are too old to be kept.
    expiries: BTreeSet<(Timestamp, u64)>,
    bytes: usize,
    /// How many of the next messages are delivered twice.
    duplicates_due: u32,
}

impl StandardQueue {
    pub(super) fn new(attributes: QueueAttributes, created_at: Timestamp) -> Self {
        Self {
            attributes,
            created_at,
            changed: Arc::default(),
            messages: BTreeMap::new(),
            next_place: 0,
            ready: BTreeSet::new(),
            hidden: BTreeSet::new(),
            in_flight: 0,
            expiries: BTreeSet::new(),
            bytes: 0,
            duplicates_due: 0,
        }
    }

    /// Takes a message that was sent.
    pub(super) fn add(&mut self, message: Message) {
        let delay = message.sent.delay.unwrap_or(self.attributes.delay);
        let until = message.sent_at.plus(delay);
        let state = if delay.is_zero() { State::Ready } else { State::Delayed { until } };
        self.store(Stored {
            message: Arc::new(message),
            state,
            receives: 0,
            receives_before: 0,
            first_received_at: None,
            is_copy: false,
        });
    }

    /// Takes a message that another queue gave up on.
    pub(super) fn bury(&mut self, dead: DeadLetter, from: &str) {
        let mut message = Arc::unwrap_or_clone(dead.message);
        message.dead_letter_of = Some(from.to_owned());
        let receives = dead.receives;
        self.store(Stored {
            message: Arc::new(message),
            state: State::Ready,
            receives,
            receives_before: receives,
            first_received_at: None,
            is_copy: false,
        });
    }

    /// Hands out what can be received.
    pub(super) fn take(&mut self, now: Timestamp, want: Want) -> Taken {
        self.advance(now);
        let (mut taken, mut copies, mut bytes) = (Taken::default(), Vec::new(), 0);
        while taken.received.len() < want.messages {
            let Some(place) = self.ready.first().copied() else { break };
            if self.is_spent(place) {
                taken.dead.extend(self.remove(place).map(DeadLetter::from));
                continue;
            }
            bytes += self.weight(place);
            if bytes > want.bytes && !taken.received.is_empty() {
                break;
            }
            copies.extend(self.due_copy(place));
            let visibility = want.visibility.unwrap_or(self.attributes.visibility_timeout);
            taken.received.extend(self.hand_out(place, now, visibility));
        }
        copies.into_iter().for_each(|copy| self.store(copy));
        if !taken.received.is_empty() {
            // Whoever waits has one more moment to wait for: that at which these are visible again.
            self.changed.notify_waiters();
        }
        taken
    }

    /// When, at the soonest, something changes by itself that receivers wait for.
    pub(super) fn next_change(&self) -> Option<Timestamp> {
        self.hidden.first().map(|(moment, _)| *moment)
    }

    /// Deletes what was received. An outdated handle deletes nothing, and that is no error.
    pub(super) fn delete(&mut self, handle: &ReceiptHandle) {
        if self.held(handle).is_some() {
            self.remove(handle.place);
            // Whoever waits because too many are in flight has room again.
            self.changed.notify_waiters();
        }
    }

    /// Hides what was received for so long from now on; or not at all, if that is zero.
    pub(super) fn change_visibility(
        &mut self,
        now: Timestamp,
        handle: &ReceiptHandle,
        timeout: Duration,
    ) -> Result<(), SqsError> {
        self.advance(now);
        let gone = "Message does not exist or is not available for visibility timeout change.";
        let held = self.held(handle).ok_or_else(|| SqsError::invalid(format!("Reason: {gone}")))?;
        let State::InFlight { since, .. } = held.state else {
            return Err(SqsError::new(Refusal::MessageNotInflight, "The message is not in flight."));
        };
        let until = now.plus(timeout);
        if until.since(since) > Duration::from_secs(MAX_VISIBILITY_SECONDS) {
            return Err(SqsError::invalid("A message is in flight for twelve hours at most."));
        }
        let state = if timeout.is_zero() { State::Ready } else { State::InFlight { since, until } };
        self.set_state(handle.place, state);
        self.changed.notify_waiters();
        Ok(())
    }

    /// Throws everything away.
    pub(super) fn purge(&mut self) {
        let (attributes, changed) = (self.attributes.clone(), Arc::clone(&self.changed));
        let next_place = self.next_place;
        *self = Self { changed, next_place, ..Self::new(attributes, self.created_at) };
    }

    /// The next messages that are received are received once more, as if a server of the queue had missed that.
    pub(super) fn duplicate_next(&mut self, messages: u32) {
        self.duplicates_due = self.duplicates_due.saturating_add(messages);
    }

    /// Ends the visibility timeout of every message that is in flight; answers how many there were.
    pub(super) fn time_out(&mut self, now: Timestamp) -> usize {
        self.advance(now);
        let is_in_flight = |stored: &Stored| matches!(stored.state, State::InFlight { .. });
        let messages = self.messages.iter().filter(|(_, stored)| is_in_flight(stored));
        let places: Vec<u64> = messages.map(|(place, _)| *place).collect();
        places.iter().for_each(|place| self.set_state(*place, State::Ready));
        self.changed.notify_waiters();
        places.len()
    }

    /// How many messages there are.
    pub(super) fn counts(&mut self, now: Timestamp) -> Counts {
        self.advance(now);
        let delayed = self.hidden.len() - self.in_flight;
        Counts { ready: self.ready.len(), delayed, in_flight: self.in_flight }
    }

    /// All messages, the oldest first.
    pub(super) fn list(&mut self, now: Timestamp) -> Vec<Listed> {
        self.advance(now);
        let listed = |stored: &Stored| Listed {
            message: Arc::clone(&stored.message),
            state: stored.state,
            receive_count: stored.receives,
        };
        self.messages.values().map(listed).collect()
    }

    /// The bytes of all messages.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Forgets what is too old, and shows what has been hidden for long enough.
    fn advance(&mut self, now: Timestamp) {
        while let Some((_, place)) = self.expiries.first().copied().filter(|(moment, _)| *moment <= now) {
            self.remove(place);
        }
        while let Some((_, place)) = self.hidden.first().copied().filter(|(moment, _)| *moment <= now) {
            self.set_state(place, State::Ready);
        }
    }

    fn store(&mut self, stored: Stored) {
        let place = self.next_place;
        self.next_place += 1;
        self.bytes += stored.message.sent.size();
        let expiry = stored.message.sent_at.plus(self.attributes.retention);
        self.expiries.insert((expiry, place));
        self.note(place, stored.state);
        self.messages.insert(place, stored);
        self.changed.notify_waiters();
    }

    fn remove(&mut self, place: u64) -> Option<Stored> {
        let stored = self.messages.remove(&place)?;
        self.unnote(place, stored.state);
        self.bytes -= stored.message.sent.size();
        self.expiries.remove(&(stored.message.sent_at.plus(self.attributes.retention), place));
        Some(stored)
    }

    fn set_state(&mut self, place: u64, state: State) {
        let Some(stored) = self.messages.get_mut(&place) else { return };
        let old = std::mem::replace(&mut stored.state, state);
        self.unnote(place, old);
        self.note(place, state);
    }

    fn note(&mut self, place: u64, state: State) {
        match state {
            State::Ready => self.ready.insert(place),
            State::Delayed { until } => self.hidden.insert((until, place)),
            State::InFlight { until, .. } => {
                self.in_flight += 1;
                self.hidden.insert((until, place))
            }
        };
    }

    fn unnote(&mut self, place: u64, state: State) {
        match state {
            State::Ready => self.ready.remove(&place),
            State::Delayed { until } => self.hidden.remove(&(until, place)),
            State::InFlight { until, .. } => {
                self.in_flight -= 1;
                self.hidden.remove(&(until, place))
            }
        };
    }

    fn hand_out(&mut self, place: u64, now: Timestamp, visibility: Duration) -> Option<Received> {
        let until = now.plus(visibility);
        self.set_state(place, State::InFlight { since: now, until });
        let stored = self.messages.get_mut(&place)?;
        stored.receives += 1;
        let first_received_at = *stored.first_received_at.get_or_insert(now);
        let message = Arc::clone(&stored.message);
        let handle = ReceiptHandle { place, message: message.id.clone(), receive: stored.receives };
        let receive_count = stored.receives;
        Some(Received { message, receipt_handle: handle.encode(), receive_count, first_received_at })
    }

    /// A second copy of a message, if one is due. Of a copy there is no further one.
    fn due_copy(&mut self, place: u64) -> Option<Stored> {
        let left = self.duplicates_due.checked_sub(1)?;
        let stored = self.messages.get(&place).filter(|stored| !stored.is_copy)?;
        self.duplicates_due = left;
        Some(Stored { message: Arc::clone(&stored.message), state: State::Ready, is_copy: true, ..*stored })
    }

    /// Whether a message has been received as often as it may be.
    fn is_spent(&self, place: u64) -> bool {
        let redrive = self.attributes.redrive.as_ref();
        let stored = self.messages.get(&place);
        redrive.zip(stored).is_some_and(|(redrive, stored)| {
            stored.receives - stored.receives_before >= redrive.max_receive_count
        })
    }

    fn weight(&self, place: u64) -> usize {
        self.messages.get(&place).map_or(0, |stored| stored.message.sent.size() + RECORD_BYTES)
    }

    /// The message of a handle, if nobody has received it since.
    fn held(&self, handle: &ReceiptHandle) -> Option<&Stored> {
        let stored = self.messages.get(&handle.place)?;
        (stored.message.id == handle.message && stored.receives == handle.receive).then_some(stored)
    }
}

#[cfg(test)]
mod tests;
