//! All event sources, put together.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use parlor::ports::Clock;
use serde_json::Value;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use super::async_invocations::AsyncInvocations;
use super::control::Control;
use super::queue_source::QueuePoller;
use super::s3::{BadUpstream, ObjectEvents, ReleaseOrder, S3Proxy};
use super::schedules::{NoSuchSchedule, Schedules};
use super::settings::SourceSettings;
use super::sqs::{Queues, SqsError, SqsService, queue_url};
use super::wiring_check::{WiringError, check};
use crate::lambda::Invoker;
use crate::lambda::wiring::{QueueSource, Wiring};
use crate::listener::{BindError, Listener, ServerLimits};

/// The address that is listened on: this machine's programs alone reach it.
const LOOPBACK: &str = "127.0.0.1";

/// The addresses of event sources that do not run yet: functions are told them before they start.
#[derive(Debug)]
pub struct BoundEventSources {
    sqs: Listener,
    s3: Listener,
}

/// Event sources that run.
#[derive(Debug)]
pub struct EventSources {
    sqs_url: String,
    s3_url: Option<String>,
    invocations: AsyncInvocations,
    control: Control,
    proxy: Option<Arc<S3Proxy>>,
    batches: TaskTracker,
    pollers: TaskTracker,
    listeners: JoinSet<()>,
    /// Ends what makes new events.
    stop_sources: CancellationToken,
    stop_listeners: CancellationToken,
    /// Ends everything, should nobody call [`EventSources::stop`].
    _guards: [DropGuard; 2],
}

/// Why event sources cannot be started.
#[derive(Debug, thiserror::Error)]
pub enum EventSourcesError {
    /// A port can't be had.
    #[error("no port can be had on {LOOPBACK}")]
    Bind(#[from] BindError),
    /// The wiring contradicts itself.
    #[error(transparent)]
    Wiring(#[from] WiringError),
    /// A queue can't be made.
    #[error("the queue {queue} cannot be made")]
    Queue {
        /// Which one.
        queue: String,
        /// Why not.
        #[source]
        source: SqsError,
    },
    /// The S3 server's URL can't be used.
    #[error(transparent)]
    Upstream(#[from] BadUpstream),
}

impl BoundEventSources {
    /// Takes two free ports of this machine: one for queues, one in proxy of S3.
    pub async fn bind() -> Result<Self, EventSourcesError> {
        Ok(Self { sqs: Listener::bind(LOOPBACK, 0).await?, s3: Listener::bind(LOOPBACK, 0).await? })
    }

    /// Where SDKs find the queues: `AWS_ENDPOINT_URL_SQS`.
    pub fn sqs_url(&self) -> String {
        url(&self.sqs)
    }

    /// A queue's own address.
    pub fn queue_url(&self, name: &str) -> String {
        queue_url(&self.sqs_url(), name)
    }

    /// Where SDKs find S3, if there is a server behind it: `AWS_ENDPOINT_URL_S3`.
    pub fn s3_url(&self) -> String {
        url(&self.s3)
    }

    /// Starts calling functions: queues, the proxy of the S3 server at `upstream_s3` if there is one, schedules.
    pub fn start(
        self,
        invoker: Arc<dyn Invoker>,
        wiring: &Wiring,
        upstream_s3: Option<&str>,
        clock: Arc<dyn Clock>,
        settings: &SourceSettings,
    ) -> Result<EventSources, EventSourcesError> {
        check(wiring)?;
        let (stop_sources, stop_listeners) = (CancellationToken::new(), CancellationToken::new());
        let queues = Arc::new(Queues::new(clock.clone(), settings.sqs, stop_sources.clone()));
        create_queues(&queues, wiring)?;
        let functions = wiring.functions.clone();
        let invocations = AsyncInvocations::new(
            invoker.clone(),
            functions,
            queues.clone(),
            clock.clone(),
            settings,
            stop_sources.clone(),
        );
        let sources = wiring.object_sources.clone();
        let objects = Arc::new(ObjectEvents::new(sources, invocations.clone(), clock.clone()));
        let proxy = upstream_s3.map(|upstream| S3Proxy::new(upstream, objects.clone())).transpose()?;
        let schedules =
            Schedules::start(&wiring.schedules, invocations.clone(), clock.clone(), stop_sources.clone());
        let failures = wiring.functions.values().filter_map(|function| function.on_failure.clone()).collect();
        let control = Control { queues: queues.clone(), objects, schedules, failures };
        let (sqs_url, s3_url) = (self.sqs_url(), self.s3_url());
        let mut running = EventSources {
            s3_url: proxy.is_some().then_some(s3_url),
            sqs_url,
            invocations,
            control,
            proxy,
            batches: TaskTracker::new(),
            pollers: TaskTracker::new(),
            listeners: JoinSet::new(),
            _guards: [stop_sources.clone().drop_guard(), stop_listeners.clone().drop_guard()],
            stop_sources,
            stop_listeners,
        };
        running.listen(self);
        for source in &wiring.queue_sources {
            running.poll(source, &invoker, &clock, settings);
        }
        Ok(running)
    }
}

impl EventSources {
    /// Where SDKs find the queues.
    pub fn sqs_url(&self) -> &str {
        &self.sqs_url
    }

    /// A queue's own address.
    pub fn queue_url(&self, name: &str) -> String {
        queue_url(&self.sqs_url, name)
    }

    /// Where SDKs find S3; nowhere, if no server stands behind it.
    pub fn s3_url(&self) -> Option<&str> {
        self.s3_url.as_deref()
    }

    /// The queues themselves.
    pub fn queues(&self) -> &Arc<Queues> {
        &self.control.queues
    }

    /// Asynchronous invocations: for whoever else makes events.
    pub fn invocations(&self) -> &AsyncInvocations {
        &self.invocations
    }

    /// The next messages of a queue that are received are received once more.
    pub fn duplicate_messages(&self, queue: &str, messages: u32) -> Result<(), SqsError> {
        self.control.queues.duplicate_next(queue, messages)
    }

    /// The next events of buckets are delivered twice.
    pub fn duplicate_object_events(&self, events: u32) {
        self.control.objects.duplicate_next(events);
    }

    /// Events of buckets are kept back from now on.
    pub fn hold_object_events(&self) {
        self.control.objects.hold();
    }

    /// Delivers the events that were kept back, one after the other; answers how many there were.
    pub async fn release_object_events(&self, order: ReleaseOrder) -> usize {
        self.control.objects.release(order).await
    }

    /// Fires a schedule out of turn.
    pub fn fire_schedule(&self, name: &str) -> Result<(), NoSuchSchedule> {
        self.control.schedules.fire_now(name)
    }

    /// The messages of all queues that others give up to, by queue.
    pub fn dead_letters(&self) -> BTreeMap<String, Vec<Value>> {
        self.control.dead_letters()
    }

    /// Ends it in good order: no new batches and no new calls by the clock; what runs is finished, while functions still
    /// reach queues and S3; then the listeners end. What waits to be tried again is given up on, and the log says so.
    /// Messages that are left are lost with the queues.
    pub async fn stop(mut self) {
        self.stop_sources.cancel();
        for tracker in [&self.pollers, &self.batches] {
            tracker.close();
            tracker.wait().await;
        }
        self.control.schedules.finish().await;
        self.invocations.finish().await;
        self.stop_listeners.cancel();
        while self.listeners.join_next().await.is_some() {}
        if let Some(proxy) = &self.proxy {
            proxy.finish().await;
        }
        self.control.objects.finish();
        // Events of the very last requests.
        self.invocations.finish().await;
    }

    fn listen(&mut self, bound: BoundEventSources) {
        let service = SqsService::new(self.queues().clone(), &self.sqs_url).router();
        let router = service.merge(self.control.clone().router());
        self.serve(bound.sqs, router);
        if let Some(proxy) = &self.proxy {
            let router = proxy.clone().router();
            self.serve(bound.s3, router);
        }
    }

    fn serve(&mut self, listener: Listener, router: Router) {
        self.listeners.spawn(listener.serve(router, ServerLimits::default(), self.stop_listeners.clone()));
    }

    fn poll(
        &self,
        source: &QueueSource,
        invoker: &Arc<dyn Invoker>,
        clock: &Arc<dyn Clock>,
        settings: &SourceSettings,
    ) {
        let limit = source.max_concurrency.and_then(|limit| usize::try_from(limit).ok());
        let poller = QueuePoller {
            source: source.clone(),
            queues: self.queues().clone(),
            invoker: invoker.clone(),
            clock: clock.clone(),
            places: Arc::new(Semaphore::new(limit.unwrap_or(settings.concurrency))),
            tasks: self.batches.clone(),
            stop: self.stop_sources.clone(),
        };
        self.pollers.spawn(Arc::new(poller).run());
    }
}

fn create_queues(queues: &Queues, wiring: &Wiring) -> Result<(), EventSourcesError> {
    for queue in &wiring.queues {
        let failed = |source| EventSourcesError::Queue { queue: queue.name.clone(), source };
        queues.create(&queue.name, queue.into()).map_err(failed)?;
    }
    Ok(())
}

fn url(listener: &Listener) -> String {
    format!("http://{LOOPBACK}:{}", listener.port())
}
