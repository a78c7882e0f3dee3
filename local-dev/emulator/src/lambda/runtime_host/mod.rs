//! Functions as processes of this machine, run as Lambda runs them.
//!
//! Each process has a Runtime API (`api`) of its own and works off one event at a time; an `exchange` stands between the
//! two. The `pool` keeps processes warm between events.

mod api;
mod config;
mod environment;
mod exchange;
mod executable;
mod invocation_id;
mod output;
mod pool;
mod worker;

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use parlor::ports::Clock;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::task::AbortHandle;
use tokio_util::task::TaskTracker;

pub use self::config::{RuntimeConfig, RuntimeLimits};
pub use self::executable::executable;
pub(in crate::lambda) use self::invocation_id::new_request_id;
use self::pool::Pool;
use self::worker::{Launch, Trouble, Worker};
use super::{Failure, Function, InvokeError, Invoker};

/// How often processes without work are looked at.
const ROUND: Duration = Duration::from_secs(15);

/// Runs functions as processes: one per invocation at a time, kept warm, replaced after a crash or a time-out, ended when
/// this is dropped.
#[derive(Debug)]
pub struct RuntimeHost {
    inner: Arc<Inner>,
    reaper: AbortHandle,
}

#[derive(Debug)]
struct Inner {
    config: RuntimeConfig,
    functions: BTreeMap<Arc<str>, HostedFunction>,
    clock: Arc<dyn Clock>,
    pool: Pool,
    /// One permit for each invocation that may be under way.
    places: Semaphore,
    /// One permit for each invocation that may be under way or wait.
    queue: Semaphore,
    invocations: TaskTracker,
}

#[derive(Debug)]
struct HostedFunction {
    function: Function,
    places: Semaphore,
}

impl RuntimeHost {
    /// Runs these functions, on the runtime of the caller. Nothing is started before it is invoked.
    pub fn new(config: RuntimeConfig, functions: &BTreeMap<String, Function>, clock: Arc<dyn Clock>) -> Self {
        let limits = config.limits;
        let hosted = |(name, function): (&String, &Function)| {
            let places = Semaphore::new(limits.processes_per_function);
            (Arc::from(name.as_str()), HostedFunction { function: function.clone(), places })
        };
        let inner = Arc::new(Inner {
            functions: functions.iter().map(hosted).collect(),
            clock,
            pool: Pool::new(limits.processes),
            places: Semaphore::new(limits.processes),
            queue: Semaphore::new(limits.processes + limits.waiting),
            invocations: TaskTracker::new(),
            config,
        });
        let reaper = tokio::spawn(end_idle(Arc::downgrade(&inner))).abort_handle();
        Self { inner, reaper }
    }

    /// How many processes there are.
    pub fn processes(&self) -> usize {
        self.inner.pool.processes()
    }

    /// Waits, but no longer than that, for the invocations under way, and ends all processes.
    pub async fn shut_down(&self, patience: Duration) {
        self.inner.invocations.close();
        if tokio::time::timeout(patience, self.inner.invocations.wait()).await.is_err() {
            tracing::warn!("stopped before all functions were done");
        }
        self.inner.pool.close();
    }
}

impl Drop for RuntimeHost {
    fn drop(&mut self) {
        self.reaper.abort();
        self.inner.pool.close();
    }
}

#[async_trait]
impl Invoker for RuntimeHost {
    async fn invoke(&self, function: &str, event: Bytes) -> Result<Bytes, InvokeError> {
        let (inner, function) = (Arc::clone(&self.inner), function.to_owned());
        // A task of its own: whoever asked may stop waiting, the function goes on.
        let invocation = self.inner.invocations.spawn(async move { inner.invoke(&function, event).await });
        invocation.await.unwrap_or_else(|crash| Err(InvokeError::Unreachable(crash.into())))
    }
}

impl Inner {
    async fn invoke(&self, name: &str, event: Bytes) -> Result<Bytes, InvokeError> {
        let hosted = self.functions.get_key_value(name);
        let (name, hosted) = hosted.ok_or_else(|| InvokeError::NoSuchFunction(name.to_owned()))?;
        let executable = hosted.function.binary(&self.config.folder, name);
        let executable = executable.ok_or_else(|| InvokeError::NoSuchFunction(name.to_string()))?;
        let _waiting = self.queue.try_acquire().map_err(|_| throttled())?;
        let _places = self.places_for(hosted).await?;
        let launch = Launch { name, function: &hosted.function, executable, config: &self.config };
        let mut at_work = AtWork { pool: &self.pool, worker: self.pool.take(name) };
        let answer = self.work(&launch, &mut at_work.worker, event).await;
        answer.map_err(|trouble| {
            let (Trouble::Handler(failure) | Trouble::Process(failure)) = trouble;
            tracing::warn!(
                function = &**name,
                failure.error_type,
                failure.error_message,
                "a function failed"
            );
            InvokeError::Failed(failure)
        })
    }

    /// Waits for a turn of the function, and of all functions.
    async fn places_for<'a>(
        &'a self,
        hosted: &'a HostedFunction,
    ) -> Result<[SemaphorePermit<'a>; 2], InvokeError> {
        let both = async { Ok([hosted.places.acquire().await?, self.places.acquire().await?]) };
        let given_up = self.clock.now().plus(self.config.limits.patience);
        tokio::select! {
            biased;
            places = both => places.map_err(|closed: tokio::sync::AcquireError| InvokeError::Unreachable(closed.into())),
            () = self.clock.sleep_until(given_up) => Err(throttled()),
        }
    }

    /// Has a warm process work, or a new one. It is left in its place if it is still of use.
    async fn work(
        &self,
        launch: &Launch<'_>,
        place: &mut Option<Worker>,
        event: Bytes,
    ) -> Result<Bytes, Trouble> {
        let timeout = launch.function.timeout;
        let mut worker = match place.take() {
            Some(worker) => worker,
            None => self.start(launch).await.map_err(Trouble::Process)?,
        };
        let answer = worker.invoke(event, timeout, &*self.clock).await;
        if !matches!(answer, Err(Trouble::Process(_))) {
            worker.idle_since = self.clock.now();
            *place = Some(worker);
        }
        answer
    }

    async fn start(&self, launch: &Launch<'_>) -> Result<Worker, Failure> {
        let mut worker = Worker::start(launch, self.clock.now()).await?;
        worker.ready(&*self.clock, self.config.limits.init + launch.function.timeout).await?;
        Ok(worker)
    }
}

/// One that is at work: given back to the pool whatever happens.
struct AtWork<'a> {
    pool: &'a Pool,
    worker: Option<Worker>,
}

impl Drop for AtWork<'_> {
    fn drop(&mut self) {
        self.pool.back(self.worker.take());
    }
}

/// What Lambda says when too much is asked of it.
fn throttled() -> InvokeError {
    InvokeError::Failed(Failure {
        error_type: "TooManyRequestsException".to_owned(),
        error_message: "Rate Exceeded.".to_owned(),
    })
}

/// Ends processes that have had no work for a while, as long as there is a host.
async fn end_idle(host: Weak<Inner>) {
    while let Some(inner) = host.upgrade() {
        let (clock, now) = (Arc::clone(&inner.clock), inner.clock.now());
        let limit = inner.config.limits.idle;
        inner.pool.end_idle_for(limit, now);
        drop(inner);
        clock.sleep_until(now.plus(ROUND)).await;
    }
}
