//! SQS events: a batch of jobs, of which each one succeeds or fails by itself.

use futures_util::future::join_all;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::{self, App};
use crate::ports::{Cause, Job};

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

/// Does the jobs of a batch; answers `{"batchItemFailures": [{"itemIdentifier": …}]}`, so that only failures come again.
pub async fn handle(app: &App, event: Value) -> Result<Value, Cause> {
    let event: SqsEvent = serde_json::from_value(event)?;
    let failures = join_all(event.records.iter().map(|record| failure(app, record))).await;
    let failures: Vec<Value> =
        failures.into_iter().flatten().map(|id| json!({ "itemIdentifier": id })).collect();
    Ok(json!({ "batchItemFailures": failures }))
}

/// Does one job; answers the message's name if that failed.
async fn failure<'a>(app: &App, record: &'a SqsRecord) -> Option<&'a str> {
    let done: Result<(), Cause> = async {
        let job: Job = serde_json::from_str(&record.body)?;
        Ok(app::run_job(app, job).await?)
    }
    .await;
    let error = done.err()?;
    tracing::error!(message_id = record.message_id, error = &*error, "a job failed");
    Some(&record.message_id)
}
