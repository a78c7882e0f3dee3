//! SQS events: a batch of jobs, of which each one succeeds or fails by itself.

use std::time::Duration;

use futures_util::future::join_all;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::{self, App};
use crate::ports::{Cause, Job};
use crate::protocol::Timestamp;

/// How long before the deadline of a call no more posts begin: those under way end (4 s at most), dead sockets are
/// forgotten, and what is left is enqueued.
const MARGIN: Duration = Duration::from_secs(10);

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
    body: String,
}

/// Does the jobs of a batch; answers as [`each_job`] does.
///
/// The call ends at its deadline, in milliseconds since 1970. What a job cannot do by then is enqueued anew.
pub async fn handle(app: &App, event: Value, deadline: u64) -> Result<Value, Cause> {
    let until = last_moment(deadline);
    each_job(event, |job| app::run_job(app, job, Some(until))).await
}

/// Does something with each job of a batch, all at the same time; answers
/// `{"batchItemFailures": [{"itemIdentifier": …}]}`, so that only failures come again.
pub async fn each_job<F, E>(event: Value, run: impl Fn(Job) -> F) -> Result<Value, Cause>
where
    F: Future<Output = Result<(), E>>,
    Cause: From<E>,
{
    let event: SqsEvent = serde_json::from_value(event)?;
    let failures = join_all(event.records.iter().map(|record| failure(record, &run))).await;
    let failures: Vec<Value> =
        failures.into_iter().flatten().map(|id| json!({ "itemIdentifier": id })).collect();
    Ok(json!({ "batchItemFailures": failures }))
}

fn last_moment(deadline: u64) -> Timestamp {
    let margin = u64::try_from(MARGIN.as_millis()).unwrap_or(u64::MAX);
    let millis = i64::try_from(deadline.saturating_sub(margin)).unwrap_or(i64::MAX);
    Timestamp::from_micros(millis.saturating_mul(1000))
}

/// Does one job; answers the message's name if that failed.
async fn failure<F, E>(record: &SqsRecord, run: impl Fn(Job) -> F) -> Option<&str>
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
    Some(&record.message_id)
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
