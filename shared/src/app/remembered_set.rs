//! What one process has seen lately. It spares requests, and guards nothing.

use std::collections::HashSet;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How much is remembered; then it begins anew.
const REMEMBERED: usize = 10_000;

/// A bounded set that is forgotten as a whole when it is full.
#[derive(Debug)]
pub(in crate::app) struct RememberedSet<T>(Mutex<HashSet<T>>);

impl<T> Default for RememberedSet<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Hash + Eq> RememberedSet<T> {
    /// Whether it is remembered.
    pub(in crate::app) fn has(&self, thing: &T) -> bool {
        self.set().contains(thing)
    }

    /// Remembers something.
    pub(in crate::app) fn add(&self, thing: T) {
        let mut set = self.set();
        if set.len() >= REMEMBERED {
            set.clear();
        }
        set.insert(thing);
    }

    /// Forgets something.
    pub(in crate::app) fn remove(&self, thing: &T) {
        self.set().remove(thing);
    }

    fn set(&self) -> MutexGuard<'_, HashSet<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
