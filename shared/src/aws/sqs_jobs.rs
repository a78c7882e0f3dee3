//! The `Jobs` port on SQS.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::SendMessageBatchRequestEntry;
use futures_util::{StreamExt, TryStreamExt, stream};

use super::backoff::{ATTEMPTS, Backoff};
use crate::ports::{Cause, Clock, Job, Jobs, JobsError, MAX_JOB_DELAY, Random};

/// What SQS takes in one request: messages, and bytes of all their bodies together.
const MAX_BATCH: usize = 10;
const MAX_BATCH_BYTES: usize = 1024 * 1024;
/// How many requests are under way at once.
const BATCHES_AT_ONCE: usize = 8;

/// Jobs as JSON messages in a standard queue.
#[derive(Debug, Clone)]
pub struct SqsJobs {
    client: Client,
    queue_url: String,
    backoff: Backoff,
}

/// One message to be.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Message {
    body: String,
    delay_seconds: i32,
}

impl SqsJobs {
    /// The queue under that URL.
    pub fn new(
        client: Client,
        queue_url: impl Into<String>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Self {
        Self {
            client,
            queue_url: queue_url.into(),
            backoff: Backoff::new(clock, random),
        }
    }

    /// Sends a batch; messages that SQS failed to take are sent again.
    async fn send(&self, batch: Vec<Message>) -> Result<(), JobsError> {
        let mut left = batch;
        for attempt in 0..ATTEMPTS {
            left = self.send_once(left).await?;
            if left.is_empty() {
                return Ok(());
            }
            self.backoff.pause(attempt).await;
        }
        Err(JobsError(
            format!("SQS kept failing to take {} messages", left.len()).into(),
        ))
    }

    /// Sends a batch; answers the messages that SQS failed to take by its own fault.
    async fn send_once(&self, batch: Vec<Message>) -> Result<Vec<Message>, JobsError> {
        let entries = batch
            .iter()
            .enumerate()
            .map(|(index, message)| entry(index, message));
        let entries = entries.collect::<Result<Vec<_>, _>>()?;
        let request = self
            .client
            .send_message_batch()
            .queue_url(&self.queue_url)
            .set_entries(Some(entries));
        let answer = request.send().await.map_err(error)?;
        if let Some(failure) = answer.failed().iter().find(|failure| failure.sender_fault()) {
            return Err(JobsError(
                format!("SQS refuses a message: {}", failure.code()).into(),
            ));
        }
        let failed = |index: usize| {
            answer
                .failed()
                .iter()
                .any(|failure| failure.id() == index.to_string())
        };
        let left = batch.into_iter().enumerate().filter(|(index, _)| failed(*index));
        Ok(left.map(|(_, message)| message).collect())
    }
}

fn error(cause: impl Into<Cause>) -> JobsError {
    JobsError(cause.into())
}

fn entry(index: usize, message: &Message) -> Result<SendMessageBatchRequestEntry, JobsError> {
    let entry = SendMessageBatchRequestEntry::builder()
        .id(index.to_string())
        .message_body(&message.body);
    entry.delay_seconds(message.delay_seconds).build().map_err(error)
}

fn message((job, delay): &(Job, Duration)) -> Result<Message, JobsError> {
    let body = serde_json::to_string(job).map_err(error)?;
    // SQS refuses the two characters that XML doesn't know. They can only stand inside JSON's strings.
    let body = body.replace('\u{fffe}', "\\ufffe").replace('\u{ffff}', "\\uffff");
    let delay = (*delay).min(MAX_JOB_DELAY);
    let seconds = delay.as_secs() + u64::from(delay.subsec_nanos() > 0);
    Ok(Message {
        body,
        delay_seconds: i32::try_from(seconds).map_err(error)?,
    })
}

/// Parts messages into batches that SQS takes, in their order.
fn batches(messages: Vec<Message>) -> Vec<Vec<Message>> {
    let mut batches: Vec<Vec<Message>> = Vec::new();
    let mut bytes = 0;
    for message in messages {
        bytes += message.body.len();
        match batches.last_mut() {
            Some(batch) if batch.len() < MAX_BATCH && bytes <= MAX_BATCH_BYTES => batch.push(message),
            _ => {
                bytes = message.body.len();
                batches.push(vec![message]);
            }
        }
    }
    batches
}

#[async_trait]
impl Jobs for SqsJobs {
    async fn enqueue(&self, jobs: Vec<(Job, Duration)>) -> Result<(), JobsError> {
        let messages = jobs.iter().map(message).collect::<Result<Vec<_>, _>>()?;
        let batches: Vec<_> = batches(messages)
            .into_iter()
            .map(|batch| self.send(batch))
            .collect();
        stream::iter(batches)
            .buffer_unordered(BATCHES_AT_ONCE)
            .try_collect()
            .await
    }
}
