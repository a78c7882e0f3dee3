//! Limits how often this process does something for somebody. That saves work; no rule depends on it.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::protocol::Timestamp;

/// How many are remembered.
const REMEMBERED: usize = 10_000;

/// When something was done last for each of many.
#[derive(Debug)]
pub(super) struct Pace<K> {
    every: Duration,
    last: Mutex<HashMap<K, Timestamp>>,
}

impl<K: Hash + Eq + Clone> Pace<K> {
    /// Once in so long.
    pub(super) fn new(every: Duration) -> Self {
        Self { every, last: Mutex::default() }
    }

    /// Whether it may be done once more.
    pub(super) fn allows(&self, who: &K, now: Timestamp) -> bool {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.get(who).is_some_and(|at| now.since(*at) < self.every) {
            return false;
        }
        if last.len() >= REMEMBERED {
            last.clear();
        }
        last.insert(who.clone(), now);
        true
    }
}
