//! The worker: the `deliver` function's own handler on a table that takes none of its memory, fed with batches as SQS feeds it.

use std::io::BufRead;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use parlor::app::{App, Ports};
use parlor::aws::{ApiGatewayChannelLayer, Boot, ManagementApi, sdk_config};
use parlor::ids::{SessionId, UserId};
use parlor::inbound::queue;
use parlor::ports::{Broadcast, Cause, Connection, Endpoint, Group, Identity};
use parlor::protocol::Frame;
use parlor::system::{OsRandom, SystemClock};
use serde_json::{Value, json};

use crate::bare::say_done;
use crate::contestant::GO;
use crate::job_file::JobFile;
use crate::row_files::RowFiles;
use crate::{Failure, MESSAGE_BYTES};

/// How many messages `template.yaml` puts into a batch.
const BATCH: usize = 5;
/// No limit: what is measured is the worker, not its patience.
const POSTS_PER_SECOND: NonZeroU32 = NonZeroU32::MAX;

/// A deadline that is not met: in milliseconds since 1970.
const NEVER: u64 = u64::MAX;

/// A worker and its queue.
struct Worker {
    app: App,
    jobs: Arc<JobFile>,
    rows: Arc<RowFiles>,
}

/// Publishes to a group of all members whenever it is told to, and works off what that puts into the queue.
pub(crate) fn run(url: &str, members: usize) -> Result<(), Failure> {
    // As in the function itself.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let folder = tempfile::tempdir()?;
    let mut lines = std::io::stdin().lock().lines();
    let worker = runtime.block_on(Worker::start(url, folder.path()))?;
    for (n, socket) in lines.by_ref().take(members).enumerate() {
        runtime.block_on(worker.join(n, &socket?))?;
    }
    worker.rows.sort()?;
    say_done()?;
    for line in lines {
        if line? == GO {
            runtime.block_on(worker.publish())?;
            say_done()?;
        }
    }
    Ok(())
}

impl Worker {
    async fn start(url: &str, folder: &std::path::Path) -> Result<Self, Failure> {
        let (clock, random) = (Arc::new(SystemClock), Arc::new(OsRandom));
        let rows = Arc::new(RowFiles::create(folder.join("table"))?);
        let jobs = Arc::new(JobFile::create(folder.join("jobs"))?);
        let api = ManagementApi::new(&sdk_config()?, url, clock.clone());
        let channels = ApiGatewayChannelLayer::new(
            rows.clone(),
            jobs.clone(),
            api,
            clock.clone(),
            random.clone(),
            POSTS_PER_SECOND,
        );
        let booted = Boot::of_process()?.app().await;
        let ports = Ports { table: rows.clone(), jobs: jobs.clone(), ..booted.ports().clone() };
        let ports = ports.with_sockets(Arc::new(channels));
        Ok(Self { app: App::new(ports, booted.settings().clone()), jobs, rows })
    }

    /// Makes a socket a member once more, each time as another person's.
    async fn join(&self, n: usize, socket: &str) -> Result<(), Failure> {
        let user = UserId(u64::try_from(n)? + 1);
        let identity = Identity { user, session: SessionId::from_random([1; 16]) };
        let now = self.app.ports().clock.now();
        let connection = Connection::new(socket.parse()?, Endpoint::Feed, Some(identity), now);
        self.app.ports().groups.join(&Group::Feed, &connection, None).await?;
        Ok(())
    }

    async fn publish(&self) -> Result<(), Failure> {
        let broadcast = Broadcast::same(Frame::new("x".repeat(MESSAGE_BYTES))?);
        self.app.ports().sender.publish(&Group::Feed, &broadcast).await?;
        // First the split, then its pieces.
        for _ in 0..2 {
            self.work_off().await?;
        }
        Ok(())
    }

    async fn work_off(&self) -> Result<(), Failure> {
        let mut waiting = self.jobs.take()?;
        loop {
            let batch = waiting.by_ref().take(BATCH).collect::<Result<Vec<_>, _>>()?;
            if batch.is_empty() {
                return Ok(());
            }
            let answer = queue::handle(&self.app, &NeverAgain, event(&batch), NEVER).await?;
            if answer["batchItemFailures"] != json!([]) {
                return Err(format!("jobs failed: {answer}").into());
            }
        }
    }
}

/// Nothing comes again here: a failure ends the benchmark.
#[derive(Debug)]
struct NeverAgain;

#[async_trait]
impl queue::Redelivery for NeverAgain {
    async fn after(&self, _messages: Vec<(String, Duration)>) -> Result<(), Cause> {
        Ok(())
    }
}

fn event(jobs: &[String]) -> Value {
    let records = jobs.iter().enumerate();
    let records: Vec<Value> =
        records.map(|(n, body)| json!({ "messageId": n.to_string(), "body": body })).collect();
    json!({ "Records": records })
}
