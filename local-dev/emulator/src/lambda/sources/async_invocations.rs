//! Asynchronous invocations: an event is taken at once, and tried until it succeeds or is given up on.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use parlor::ports::Clock;
use parlor::protocol::Timestamp;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::backoff::pause_after;
use super::destination_record::{Condition, GivenUp};
use super::names::new_uuid;
use super::settings::SourceSettings;
use super::sqs::{NewMessage, Queues};
use crate::lambda::wiring::Function;
use crate::lambda::{InvokeError, Invoker};

/// Lambda's own, for functions that say nothing.
const DEFAULT_RETRIES: u32 = 2;
const DEFAULT_MAX_EVENT_AGE: Duration = Duration::from_secs(6 * 3600);

/// Takes events for functions, as Lambda does for S3 and the scheduler. A function that fails is called again, twice
/// by default; one that cannot be reached, with growing pauses until the event is too old. Then the event goes into the
/// function's queue of failures, or into the log if it has none.
///
/// Events live in memory, and there are only so many at a time: whoever submits one more waits.
#[derive(Debug, Clone)]
pub struct AsyncInvocations {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    invoker: Arc<dyn Invoker>,
    functions: BTreeMap<String, Function>,
    queues: Arc<Queues>,
    clock: Arc<dyn Clock>,
    retry_pauses: Vec<Duration>,
    places: Arc<Semaphore>,
    running: Semaphore,
    tasks: TaskTracker,
    stop: CancellationToken,
}

/// As many events are kept as can be.
#[derive(Debug, thiserror::Error)]
#[error("too many asynchronous events are waiting")]
pub struct EventsFull;

/// The end of an event's first attempt.
#[derive(Debug)]
pub struct FirstAttempt(oneshot::Receiver<()>);

impl FirstAttempt {
    /// Waits for it, however it ends.
    pub async fn ended(self) {
        // The other half is dropped once the attempt is over: that is the message.
        let _ = self.0.await;
    }
}

/// One event under way.
#[derive(Debug)]
struct Pending {
    id: String,
    function: String,
    event: Bytes,
    accepted_at: Timestamp,
    attempts: u32,
    failures: u32,
    _place: OwnedSemaphorePermit,
}

/// What follows an attempt that failed.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    RetryAfter(Duration),
    GiveUp(Condition),
}

impl AsyncInvocations {
    /// For these functions. Events that wait to be tried again are given up on once `stop` is cancelled.
    pub fn new(
        invoker: Arc<dyn Invoker>,
        functions: BTreeMap<String, Function>,
        queues: Arc<Queues>,
        clock: Arc<dyn Clock>,
        settings: &SourceSettings,
        stop: CancellationToken,
    ) -> Self {
        let shared = Shared {
            invoker,
            functions,
            queues,
            clock,
            retry_pauses: settings.retry_pauses.clone(),
            places: Arc::new(Semaphore::new(settings.queued_events)),
            running: Semaphore::new(settings.concurrency),
            tasks: TaskTracker::new(),
            stop,
        };
        Self { shared: Arc::new(shared) }
    }

    /// Takes an event; waits until there is room for it.
    pub async fn submit(&self, function: &str, event: Bytes) -> Result<FirstAttempt, EventsFull> {
        let place = Arc::clone(&self.shared.places).acquire_owned().await.map_err(|_| EventsFull)?;
        Ok(self.start(function, event, place))
    }

    /// Takes an event if there is room for it.
    pub fn try_submit(&self, function: &str, event: Bytes) -> Result<FirstAttempt, EventsFull> {
        let place = Arc::clone(&self.shared.places).try_acquire_owned().map_err(|_| EventsFull)?;
        Ok(self.start(function, event, place))
    }

    /// Waits until nothing runs. What waits to be tried again then has been given up on if `stop` was cancelled.
    pub async fn finish(&self) {
        self.shared.tasks.close();
        self.shared.tasks.wait().await;
    }

    fn start(&self, function: &str, event: Bytes, place: OwnedSemaphorePermit) -> FirstAttempt {
        let (first, ended) = oneshot::channel();
        let pending = Pending {
            id: new_uuid(),
            function: function.to_owned(),
            event,
            accepted_at: self.shared.clock.now(),
            attempts: 0,
            failures: 0,
            _place: place,
        };
        self.shared.tasks.spawn(Arc::clone(&self.shared).run(pending, first));
        FirstAttempt(ended)
    }
}

impl Shared {
    async fn run(self: Arc<Self>, mut pending: Pending, first: oneshot::Sender<()>) {
        let mut first = Some(first);
        loop {
            let Err(error) = self.attempt(&mut pending).await else { return };
            drop(first.take());
            let next = self.after(&mut pending, &error);
            tracing::warn!(function = pending.function, attempts = pending.attempts, %error, ?next,
                "an asynchronous invocation failed");
            let condition = match next {
                Next::GiveUp(condition) => condition,
                Next::RetryAfter(pause) if !self.pause(pause).await => {
                    tracing::error!(
                        function = pending.function,
                        id = pending.id,
                        "stopped before an event could be tried again; it is lost"
                    );
                    return;
                }
                Next::RetryAfter(_) if self.is_too_old(&pending) => Condition::EventAgeExceeded,
                Next::RetryAfter(_) => continue,
            };
            return self.give_up(&pending, condition, &error);
        }
    }

    async fn attempt(&self, pending: &mut Pending) -> Result<(), InvokeError> {
        // Never closed.
        let _running = self.running.acquire().await;
        pending.attempts += 1;
        self.invoker.invoke(&pending.function, pending.event.clone()).await.map(|_| ())
    }

    fn after(&self, pending: &mut Pending, error: &InvokeError) -> Next {
        let function = self.functions.get(&pending.function);
        match error {
            InvokeError::NoSuchFunction(_) => Next::GiveUp(Condition::RetriesExhausted),
            InvokeError::Unreachable(_) => {
                Next::RetryAfter(pause_after(pending.attempts.saturating_sub(pending.failures)))
            }
            InvokeError::Failed(_) | InvokeError::TimedOut => {
                pending.failures += 1;
                let retries = function.map_or(DEFAULT_RETRIES, |function| function.async_retries);
                if pending.failures > retries {
                    return Next::GiveUp(Condition::RetriesExhausted);
                }
                Next::RetryAfter(self.retry_pause(pending.failures))
            }
        }
    }

    fn retry_pause(&self, failures: u32) -> Duration {
        let index = usize::try_from(failures.saturating_sub(1)).unwrap_or(usize::MAX);
        self.retry_pauses.get(index).or(self.retry_pauses.last()).copied().unwrap_or_default()
    }

    fn is_too_old(&self, pending: &Pending) -> bool {
        let function = self.functions.get(&pending.function);
        let limit = function.map_or(DEFAULT_MAX_EVENT_AGE, |function| function.max_event_age);
        self.clock.now().since(pending.accepted_at) > limit
    }

    /// Waits; answers whether to go on then.
    async fn pause(&self, pause: Duration) -> bool {
        tokio::select! {
            () = self.clock.sleep_until(self.clock.now().plus(pause)) => true,
            () = self.stop.cancelled() => false,
        }
    }

    fn give_up(&self, pending: &Pending, condition: Condition, last: &InvokeError) {
        let Pending { id, function, event, attempts, .. } = pending;
        let given_up = GivenUp { request_id: id, function, event, condition, attempts: *attempts, last };
        let queue = self.functions.get(function).and_then(|function| function.on_failure.as_ref());
        let Some(queue) = queue else {
            tracing::error!(function, id, ?condition, "an event was given up on; no queue is wired for it");
            return;
        };
        let record = given_up.record(self.clock.now()).to_string();
        match self.queues.send(queue, NewMessage::text(record)) {
            Ok(_) => tracing::error!(function, id, queue, ?condition, "an event was given up on"),
            Err(error) => {
                tracing::error!(function, id, queue, %error, "an event that was given up on is lost")
            }
        }
    }
}
