//! What passes between one process and whoever invokes it.

use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use tokio::sync::{Notify, oneshot, watch};

use crate::lambda::Failure;

/// One event for the process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Task {
    pub(super) request_id: String,
    pub(super) event: Bytes,
    /// In milliseconds since 1970.
    pub(super) deadline: i64,
    pub(super) trace: String,
}

/// What the handler said.
pub(super) type Answer = Result<Bytes, Failure>;

/// How far a process has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Phase {
    /// It has not asked for an event yet.
    Starting,
    /// It has.
    Ready,
    /// It said that it cannot start.
    InitFailed(Failure),
}

/// The two sides of a process: its Runtime API puts in, and takes out, what an invocation takes out, and puts in.
#[derive(Debug)]
pub(super) struct Exchange {
    phase: watch::Sender<Phase>,
    offered: Mutex<Option<Task>>,
    offers: Notify,
    pending: Mutex<Option<(String, oneshot::Sender<Answer>)>>,
}

impl Exchange {
    pub(super) fn new() -> Self {
        Self {
            phase: watch::Sender::new(Phase::Starting),
            offered: Mutex::default(),
            offers: Notify::new(),
            pending: Mutex::default(),
        }
    }

    /// How far the process has come; changes are told.
    pub(super) fn phase(&self) -> watch::Receiver<Phase> {
        self.phase.subscribe()
    }

    /// Offers an event. There is one at a time.
    pub(super) fn offer(&self, task: Task) -> oneshot::Receiver<Answer> {
        let (answer, answered) = oneshot::channel();
        *lock(&self.pending) = Some((task.request_id.clone(), answer));
        *lock(&self.offered) = Some(task);
        self.offers.notify_one();
        answered
    }

    /// The process asks for the next event, and waits for it.
    pub(super) async fn next(&self) -> Task {
        self.phase.send_if_modified(|phase| {
            let starts = *phase == Phase::Starting;
            if starts {
                *phase = Phase::Ready;
            }
            starts
        });
        loop {
            let offered = lock(&self.offered).take();
            match offered {
                Some(task) => return task,
                None => self.offers.notified().await,
            }
        }
    }

    /// The process answers; false if nobody has asked that.
    pub(super) fn settle(&self, request_id: &str, answer: Answer) -> bool {
        let mut pending = lock(&self.pending);
        let expected = pending.take_if(|(expected, _)| expected == request_id);
        // Whoever has asked may have given up meanwhile.
        expected.map(|(_, asker)| asker.send(answer)).is_some()
    }

    /// The process says that it cannot start.
    pub(super) fn fail_init(&self, failure: Failure) {
        self.phase.send_replace(Phase::InitFailed(failure));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(request_id: &str) -> Task {
        Task { request_id: request_id.to_owned(), event: Bytes::new(), deadline: 0, trace: String::new() }
    }

    #[tokio::test]
    async fn an_offered_event_reaches_the_process_and_its_answer_the_invoker() {
        let exchange = Exchange::new();
        let answered = exchange.offer(task("1"));
        assert_eq!(exchange.next().await, task("1"));
        assert!(exchange.settle("1", Ok("yes".into())));
        assert_eq!(answered.await.unwrap(), Ok("yes".into()));
    }

    #[tokio::test]
    async fn an_answer_to_another_request_changes_nothing() {
        let exchange = Exchange::new();
        let answered = exchange.offer(task("1"));
        assert!(!exchange.settle("2", Ok("no".into())));
        assert!(exchange.settle("1", Ok("yes".into())));
        assert!(!exchange.settle("1", Ok("again".into())));
        assert_eq!(answered.await.unwrap(), Ok("yes".into()));
    }

    #[tokio::test]
    async fn a_process_is_ready_once_it_asks_for_work() {
        let exchange = Exchange::new();
        let _answered = exchange.offer(task("1"));
        assert_eq!(*exchange.phase().borrow(), Phase::Starting);
        exchange.next().await;
        assert_eq!(*exchange.phase().borrow(), Phase::Ready);
    }
}
