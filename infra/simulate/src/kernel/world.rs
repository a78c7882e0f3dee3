//! What everything in one simulated world shares: the time, what is due when, and what is under way.

use std::collections::BTreeMap;
use std::fmt::Arguments;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Waker;

use super::chance::Chance;
use super::faults::Faults;
use super::happening::Happening;
use super::trace::Trace;

/// When worlds begin, in seconds since 1970.
pub(crate) const BEGINNING: i64 = 1_800_000_000;

/// A piece of work that a worker does: a request, a message, a job.
pub(crate) type TaskId = u64;

/// What is due at a moment.
#[derive(Debug)]
pub(crate) enum Due {
    /// A call of a port that waits.
    Gate(u64),
    /// Something that comes from outside.
    Happening(Happening),
}

#[derive(Debug)]
struct WaitingGate {
    task: Option<TaskId>,
    label: String,
    waker: Waker,
    is_open: bool,
    at: (i64, u64),
}

/// What is known of a piece of work while it is under way.
#[derive(Debug, Clone)]
pub(crate) struct Facts {
    /// What it is.
    pub(crate) label: String,
    /// When it began.
    pub(crate) began: i64,
    /// Whether a fault was injected into it.
    pub(crate) is_faulted: bool,
    /// Whether the queue refused what it was to leave for later.
    pub(crate) is_refused: bool,
    /// Whether it appended something to a log of which it never learned.
    pub(crate) is_in_doubt: bool,
    /// Whether none is injected.
    pub(crate) is_immune: bool,
    /// Whether a call of it took seconds: it does not die as well.
    pub(crate) is_slow: bool,
    chance: Chance,
}

/// A rule that was broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Violation {
    /// Which one.
    pub(crate) rule: &'static str,
    /// By what.
    pub(crate) what: String,
}

#[derive(Debug)]
struct State {
    now: i64,
    next: u64,
    agenda: BTreeMap<(i64, u64), Due>,
    gates: BTreeMap<u64, WaitingGate>,
    tasks: BTreeMap<TaskId, Facts>,
    current: Option<TaskId>,
    is_instant: bool,
    faults: Faults,
    trace: Trace,
    violation: Option<Violation>,
}

/// One world.
#[derive(Debug)]
pub(crate) struct World {
    seed: u64,
    state: Mutex<State>,
}

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        let state = State {
            now: BEGINNING * 1_000_000,
            next: 0,
            agenda: BTreeMap::new(),
            gates: BTreeMap::new(),
            tasks: BTreeMap::new(),
            current: None,
            is_instant: false,
            faults: Faults::none(),
            trace: Trace::default(),
            violation: None,
        };
        Self { seed, state: Mutex::new(state) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn seed(&self) -> u64 {
        self.seed
    }

    /// Microseconds since 1970.
    pub(crate) fn now(&self) -> i64 {
        self.state().now
    }

    pub(crate) fn faults(&self) -> Faults {
        self.state().faults
    }

    pub(crate) fn set_faults(&self, faults: Faults) {
        self.state().faults = faults;
    }

    pub(crate) fn note(&self, line: Arguments<'_>) {
        let state = &mut *self.state();
        state.trace.note(state.now, line);
    }

    pub(crate) fn hash(&self) -> u64 {
        self.state().trace.hash()
    }

    pub(crate) fn last_lines(&self, lines: usize) -> Vec<String> {
        self.state().trace.last(lines)
    }

    /// The first one counts.
    pub(crate) fn violated(&self, rule: &'static str, what: Arguments<'_>) {
        let state = &mut *self.state();
        state.trace.note(state.now, format_args!("VIOLATION {rule}: {what}"));
        state.violation.get_or_insert_with(|| Violation { rule, what: what.to_string() });
    }

    pub(crate) fn violation(&self) -> Option<Violation> {
        self.state().violation.clone()
    }

    // What is due.

    /// Lets something happen after so many microseconds.
    pub(crate) fn schedule(&self, after: i64, happening: Happening) {
        let state = &mut *self.state();
        state.next += 1;
        let at = (state.now + after.max(0), state.next);
        state.agenda.insert(at, Due::Happening(happening));
    }

    /// The next thing that is due, at whose moment it is now; none if nothing is by then.
    pub(crate) fn take_due(&self, until: i64) -> Option<Due> {
        let state = &mut *self.state();
        let first = state.agenda.first_entry().filter(|entry| entry.key().0 <= until)?;
        state.now = state.now.max(first.key().0);
        Some(first.remove())
    }

    /// Lets time pass to a moment at which nothing is due before.
    pub(crate) fn pass_to(&self, moment: i64) {
        let state = &mut *self.state();
        state.now = state.now.max(moment);
    }

    /// When the next thing is due that is not only a matter of routine.
    pub(crate) fn next_of_interest(&self) -> Option<i64> {
        let state = self.state();
        let matters = |due: &Due| match due {
            Due::Gate(_) => true,
            Due::Happening(happening) => !happening.is_routine(),
        };
        state.agenda.iter().find(|(_, due)| matters(due)).map(|((at, _), _)| *at)
    }

    // Gates.

    pub(crate) fn is_instant(&self) -> bool {
        self.state().is_instant
    }

    pub(crate) fn set_instant(&self, is_instant: bool) {
        self.state().is_instant = is_instant;
    }

    /// A gate that opens at a moment.
    pub(super) fn close_gate(&self, moment: i64, label: String, waker: Waker) -> u64 {
        let state = &mut *self.state();
        state.next += 1;
        let (id, at) = (state.next, (moment.max(state.now), state.next));
        state.agenda.insert(at, Due::Gate(id));
        state.gates.insert(id, WaitingGate { task: state.current, label, waker, is_open: false, at });
        id
    }

    /// Whether a gate is open; whoever waits at it is woken by that waker.
    pub(super) fn is_open(&self, id: u64, waker: &Waker) -> bool {
        match self.state().gates.get_mut(&id) {
            Some(gate) => {
                gate.waker.clone_from(waker);
                gate.is_open
            }
            None => true,
        }
    }

    pub(super) fn forget_gate(&self, id: u64) {
        let state = &mut *self.state();
        if let Some(gate) = state.gates.remove(&id).filter(|gate| !gate.is_open) {
            state.agenda.remove(&gate.at);
        }
    }

    /// Whose gate that is, and what is behind it.
    pub(crate) fn behind(&self, id: u64) -> Option<(Option<TaskId>, String)> {
        self.state().gates.get(&id).map(|gate| (gate.task, gate.label.clone()))
    }

    pub(crate) fn open_gate(&self, id: u64) {
        let waker = self.state().gates.get_mut(&id).map(|gate| {
            gate.is_open = true;
            gate.waker.clone()
        });
        // Not under the lock: whoever is woken may ask for it.
        waker.into_iter().for_each(Waker::wake);
    }

    /// Whether a piece of work waits at a gate; if not, it waits for something beside this thread, or for other work.
    pub(super) fn waits_at_gate(&self, task: TaskId) -> bool {
        self.state().gates.values().any(|gate| gate.task == Some(task))
    }

    // Work.

    pub(crate) fn begin(&self, task: TaskId, label: String, is_immune: bool) {
        let state = &mut *self.state();
        let chance = Chance::of(self.seed, task);
        state.trace.note(state.now, format_args!("t{task} begins: {label}"));
        let facts = Facts {
            label,
            began: state.now,
            is_faulted: false,
            is_refused: false,
            is_in_doubt: false,
            is_immune,
            is_slow: false,
            chance,
        };
        state.tasks.insert(task, facts);
    }

    pub(crate) fn end(&self, task: TaskId) -> Option<Facts> {
        self.state().tasks.remove(&task)
    }

    pub(crate) fn set_current(&self, task: Option<TaskId>) {
        self.state().current = task;
    }

    /// What is known of the work that asks.
    pub(crate) fn current(&self) -> Option<(TaskId, Facts)> {
        let state = self.state();
        let id = state.current?;
        state.tasks.get(&id).map(|facts| (id, facts.clone()))
    }

    /// Draws from the stream of the work that asks.
    pub(crate) fn draw<T>(&self, draw: impl FnOnce(&mut Chance, &Faults) -> T) -> T {
        let state = &mut *self.state();
        let none = Faults::none();
        match state.current.and_then(|id| state.tasks.get_mut(&id)) {
            Some(facts) if facts.is_slow && !facts.is_immune => {
                draw(&mut facts.chance, &Faults { crash: 0, ..state.faults })
            }
            Some(facts) => draw(&mut facts.chance, if facts.is_immune { &none } else { &state.faults }),
            None => draw(&mut Chance::of(self.seed, state.next), &none),
        }
    }

    /// Notes that a call takes seconds.
    pub(crate) fn slow(&self) {
        let state = &mut *self.state();
        if let Some(facts) = state.current.and_then(|id| state.tasks.get_mut(&id)) {
            facts.is_slow = true;
        }
    }

    /// Notes that the queue refused what the work that asks was to leave for later.
    pub(crate) fn refuse(&self) {
        self.fault("the queue refuses jobs");
        let state = &mut *self.state();
        if let Some(facts) = state.current.and_then(|id| state.tasks.get_mut(&id)) {
            facts.is_refused = true;
        }
    }

    /// Notes whether the work that asks has appended something and does not know it.
    pub(crate) fn doubt(&self, is_in_doubt: bool) {
        let state = &mut *self.state();
        if let Some(facts) = state.current.and_then(|id| state.tasks.get_mut(&id)) {
            facts.is_in_doubt = is_in_doubt;
        }
    }

    /// Notes that a fault hit the work that asks.
    pub(crate) fn fault(&self, what: &str) {
        let state = &mut *self.state();
        let Some((id, facts)) = state.current.and_then(|id| Some((id, state.tasks.get_mut(&id)?))) else {
            return;
        };
        facts.is_faulted = true;
        state.trace.note(state.now, format_args!("t{id} fault: {what}"));
    }
}
