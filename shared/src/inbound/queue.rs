//! SQS events: a batch of jobs, of which each one succeeds or fails by itself.

use std::fmt::Debug;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::future::join_all;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::{self, App};
use crate::ports::{Cause, Job};
use crate::protocol::Timestamp;

/// How long before the deadline of a call no more posts begin: those under way end (4 s at most), dead sockets are
/// forgotten, and what is left is enqueued.
const MARGIN: Duration = Duration::from_secs(10);

/// How long after its first failures a job comes again. After more of them the queue's own pause is right: together they
/// outlast what is away for minutes, while a moment's failure delays nobody for as long.
const PAUSES: [Duration; 2] = [Duration::from_secs(5), Duration::from_secs(30)];

/// Where batches come from, as far as it can be told when to give a message out again.
#[async_trait]
pub trait Redelivery: Debug + Send + Sync {
    /// Gives these messages out again once their pauses are over, rather than when it would by itself. They are named
    /// by their receipts.
    async fn after(&self, messages: Vec<(String, Duration)>) -> Result<(), Cause>;
}

#[derive(Deserialize)]
struct SqsEvent {
    #[serde(rename = "Records", default)]
    records: Vec<SqsRecord>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SqsRecord {
    message_id: String,
    #[serde(default)]
    receipt_handle: String,
    #[serde(default)]
    attributes: SqsAttributes,
    #[serde(default)]
    body: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct SqsAttributes {
    approximate_receive_count: String,
}

impl SqsRecord {
    /// When the message is to come again after this failure, if not when the queue would by itself.
    fn soon_again(&self) -> Option<(String, Duration)> {
        let attempt: usize = self.attributes.approximate_receive_count.parse().ok()?;
        Some((self.receipt_handle.clone(), *PAUSES.get(attempt.checked_sub(1)?)?))
    }
}

/// Does the jobs of a batch; answers as [`each_job`] does.
///
/// The call ends at its deadline, in milliseconds since 1970. What a job cannot do by then is enqueued anew.
pub async fn handle(app: &App, queue: &dyn Redelivery, event: Value, deadline: u64) -> Result<Value, Cause> {
    let until = last_moment(deadline);
    each_job(queue, event, |job| app::run_job(app, job, Some(until))).await
}

/// Does something with each job of a batch, all at the same time; answers
/// `{"batchItemFailures": [{"itemIdentifier": …}]}`, so that only failures come again.
pub async fn each_job<F, E>(
    queue: &dyn Redelivery,
    event: Value,
    run: impl Fn(Job) -> F,
) -> Result<Value, Cause>
where
    F: Future<Output = Result<(), E>>,
    Cause: From<E>,
{
    let event: SqsEvent = serde_json::from_value(event)?;
    let failed = join_all(event.records.iter().map(|record| failure(record, &run))).await;
    let failed: Vec<&SqsRecord> = failed.into_iter().flatten().collect();
    hasten(queue, failed.iter().filter_map(|record| record.soon_again()).collect()).await;
    let failures = failed.iter().map(|record| json!({ "itemIdentifier": record.message_id }));
    Ok(json!({ "batchItemFailures": failures.collect::<Vec<_>>() }))
}

/// They come again in any case: what fails here only delays them.
async fn hasten(queue: &dyn Redelivery, messages: Vec<(String, Duration)>) {
    if messages.is_empty() {
        return;
    }
    if let Err(error) = queue.after(messages).await {
        tracing::warn!(error = &*error, "the queue cannot be told when failed jobs are to come again");
    }
}

fn last_moment(deadline: u64) -> Timestamp {
    let margin = u64::try_from(MARGIN.as_millis()).unwrap_or(u64::MAX);
    let millis = i64::try_from(deadline.saturating_sub(margin)).unwrap_or(i64::MAX);
    Timestamp::from_micros(millis.saturating_mul(1000))
}

/// Does one job; answers its message if that failed.
async fn failure<F, E>(record: &SqsRecord, run: impl Fn(Job) -> F) -> Option<&SqsRecord>
where
    F: Future<Output = Result<(), E>>,
    Cause: From<E>,
{
    let done: Result<(), Cause> = async {
        let job: Job = serde_json::from_str(&record.body)?;
        Ok(run(job).await?)
    }
    .await;
    let error = done.err()?;
    tracing::error!(message_id = record.message_id, error = &*error, "a job failed");
    Some(record)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn posts_begin_until_ten_seconds_before_the_deadline() {
        assert_eq!(last_moment(1_000_000_060_500), Timestamp::from_micros(1_000_000_050_500_000));
        assert_eq!(last_moment(1), Timestamp::from_micros(0));
        assert!(last_moment(u64::MAX) > last_moment(1_000_000_060_500));
    }
}
