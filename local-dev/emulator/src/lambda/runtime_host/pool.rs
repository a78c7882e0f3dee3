//! The processes that there are: which one is taken next, and which one is ended.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use parlor::protocol::Timestamp;

use super::worker::Worker;

/// All processes without work, and how many there are altogether.
#[derive(Debug)]
pub(super) struct Pool {
    most: usize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Those without work, the last used one last.
    idle: Vec<Worker>,
    busy: usize,
    closed: bool,
}

impl Pool {
    pub(super) fn new(most: usize) -> Self {
        Self { most, state: Mutex::default() }
    }

    /// A warm process of a function, the one used last; none if one has to be started. Either way there is one more at
    /// work, to be given [`back`](Self::back). At most as many may be at work as there may be processes; those without
    /// work make room.
    pub(super) fn take(&self, function: &str) -> Option<Worker> {
        let mut state = self.state();
        state.busy += 1;
        loop {
            let warm = state.idle.iter().rposition(|worker| &*worker.function == function);
            let Some(mut worker) = warm.map(|position| state.idle.remove(position)) else {
                break;
            };
            if !worker.has_ended() {
                return Some(worker);
            }
        }
        while state.busy + state.idle.len() > self.most && !state.idle.is_empty() {
            state.idle.remove(0);
        }
        None
    }

    /// Takes a process back; none if it is of no use any more.
    pub(super) fn back(&self, worker: Option<Worker>) {
        let mut state = self.state();
        state.busy -= 1;
        if !state.closed {
            state.idle.extend(worker);
        }
    }

    /// Ends the processes that have had no work for so long.
    pub(super) fn end_idle_for(&self, limit: Duration, now: Timestamp) {
        self.state().idle.retain(|worker| now.since(worker.idle_since) < limit);
    }

    /// Ends all processes without work, at once those that still have some when they are done.
    pub(super) fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        state.idle.clear();
    }

    /// How many processes there are.
    pub(super) fn processes(&self) -> usize {
        let state = self.state();
        state.busy + state.idle.len()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
