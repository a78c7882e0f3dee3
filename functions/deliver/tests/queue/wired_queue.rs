//! The template's queue, its dead letters and its poller, and the adapter that fills it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use aws_sdk_sqs::config::{BehaviorVersion, Credentials, Region};
use emulator::lambda::sources::sqs::Queues;
use emulator::lambda::sources::{BoundEventSources, EventSources, SourceSettings};
use emulator::lambda::{Addresses, FunctionNames, Queue, Template, Wiring};
use parlor::aws::{SqsJobs, SqsRedelivery};
use parlor::ports::{Cause, Job, Jobs};
use parlor::system::OsRandom;
use parlor::testing::SettableClock;

use crate::patient_clock::{FailedAttempts, PatientClock};
use crate::worker::Worker;

/// A queue that runs.
pub(crate) struct WiredQueue {
    jobs: SqsJobs,
    clock: Arc<PatientClock>,
    queue: Queue,
    sources: EventSources,
}

impl WiredQueue {
    /// The queue of the template, on a clock that is set by hand; each job goes to a function.
    pub(crate) async fn start(
        clock: Arc<SettableClock>,
        handle: impl Fn(Job) -> Result<(), Cause> + Send + Sync + 'static,
    ) -> Self {
        let wiring = wiring();
        let name = &wiring.queue_sources[0].queue;
        let queue = wiring.queues.iter().find(|queue| queue.name == *name).unwrap().clone();
        let failed = FailedAttempts::default();
        let redelivery = Arc::new(OnceLock::new());
        let worker =
            Worker { handle: Box::new(handle), failed: failed.clone(), redelivery: redelivery.clone() };
        let clock = PatientClock { clock, queue: name.clone(), failed, queues: OnceLock::new() };
        let clock = Arc::new(clock);
        let bound = BoundEventSources::bind().await.unwrap();
        let settings = SourceSettings::default();
        let sources = bound.start(Arc::new(worker), &wiring, None, clock.clone(), &settings).unwrap();
        clock.queues.set(sources.queues().clone()).unwrap();
        let client = client(sources.sqs_url());
        redelivery.set(SqsRedelivery::new(client.clone(), sources.queue_url(name))).unwrap();
        let jobs = SqsJobs::new(client, sources.queue_url(name), clock.clone(), Arc::new(OsRandom));
        Self { jobs, clock, queue, sources }
    }

    pub(crate) fn jobs(&self) -> &dyn Jobs {
        &self.jobs
    }

    /// Lets time pass until nothing is left in the queue, then answers the jobs that were given up.
    pub(crate) async fn dead_letters(&self) -> Vec<Job> {
        let queues: &Queues = self.sources.queues();
        while !queues.list(&self.queue.name).unwrap().is_empty() {
            self.clock.advance_if_all_wait();
            tokio::task::yield_now().await;
        }
        let redrive = self.queue.redrive.as_ref().unwrap();
        let dead = queues.list(&redrive.dead_letters).unwrap();
        dead.iter().map(|letter| serde_json::from_str(&letter.message.sent.body).unwrap()).collect()
    }
}

/// What the template says of this function's queue, and nothing else.
fn wiring() -> Wiring {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../template.yaml");
    let local = "http://localhost".to_owned();
    let addresses = Addresses {
        http: local.clone(),
        local: local.clone(),
        queues: local,
        region: "us-east-1".to_owned(),
    };
    let template = Template::load(&file).unwrap();
    let all = template.read(&BTreeMap::new(), &addresses, &FunctionNames::AsInTemplate).unwrap().wiring;
    let mut functions = all.functions;
    functions.retain(|name, _| name == "deliver");
    let mut queue_sources = all.queue_sources;
    queue_sources.retain(|source| source.function == "deliver");
    assert_eq!(queue_sources.len(), 1);
    Wiring { functions, queues: all.queues, queue_sources, ..Wiring::default() }
}

fn client(url: &str) -> aws_sdk_sqs::Client {
    let config = aws_sdk_sqs::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("AKIDTESTING", "testing-secret", None, None, "test"))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .endpoint_url(url);
    aws_sdk_sqs::Client::from_conf(config.build())
}
