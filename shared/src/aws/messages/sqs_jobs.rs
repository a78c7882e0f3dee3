//! The `Jobs` port on SQS.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::SendMessageBatchRequestEntry;
use futures_util::{StreamExt, TryStreamExt, stream};

use crate::aws::backoff::{ATTEMPTS, Backoff};
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
        Self { client, queue_url: queue_url.into(), backoff: Backoff::new(clock, random) }
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
        Err(JobsError(format!("SQS kept failing to take {} messages", left.len()).into()))
    }

    /// Sends a batch; answers the messages that SQS failed to take by its own fault.
    async fn send_once(&self, batch: Vec<Message>) -> Result<Vec<Message>, JobsError> {
        let entries = batch.iter().enumerate().map(|(index, message)| entry(index, message));
        let entries = entries.collect::<Result<Vec<_>, _>>()?;
        let request = self.client.send_message_batch().queue_url(&self.queue_url).set_entries(Some(entries));
        let answer = request.send().await.map_err(error)?;
        if let Some(failure) = answer.failed().iter().find(|failure| failure.sender_fault()) {
            return Err(JobsError(format!("SQS refuses a message: {}", failure.code()).into()));
        }
        let failed = |index: usize| answer.failed().iter().any(|failure| failure.id() == index.to_string());
        let left = batch.into_iter().enumerate().filter(|(index, _)| failed(*index));
        Ok(left.map(|(_, message)| message).collect())
    }
}

fn error(cause: impl Into<Cause>) -> JobsError {
    JobsError(cause.into())
}

fn entry(index: usize, message: &Message) -> Result<SendMessageBatchRequestEntry, JobsError> {
    let entry = SendMessageBatchRequestEntry::builder().id(index.to_string()).message_body(&message.body);
    entry.delay_seconds(message.delay_seconds).build().map_err(error)
}

fn message((job, delay): &(Job, Duration)) -> Result<Message, JobsError> {
    let body = serde_json::to_string(job).map_err(error)?;
    // SQS refuses the two characters that XML doesn't know. They can only stand inside JSON's strings.
    let body = body.replace('\u{fffe}', "\\ufffe").replace('\u{ffff}', "\\uffff");
    if *delay > MAX_JOB_DELAY {
        return Err(error(format!("a job that waits for {delay:?}, longer than SQS lets it")));
    }
    let seconds = delay.as_secs() + u64::from(delay.subsec_nanos() > 0);
    Ok(Message { body, delay_seconds: i32::try_from(seconds).map_err(error)? })
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
        let batches: Vec<_> = batches(messages).into_iter().map(|batch| self.send(batch)).collect();
        stream::iter(batches).buffer_unordered(BATCHES_AT_ONCE).try_collect().await
    }
}

#[cfg(test)]
mod tests {
    use aws_smithy_http_client::test_util::{ReplayEvent, StaticReplayClient};
    use serde_json::{Value, json};

    use super::*;
    use crate::aws::replay::{ConstantRandom, JumpingClock, answer, json_answer, json_bodies, sdk_config};
    use crate::ports::Group;
    use crate::protocol::Frame;
    use crate::protocol::Timestamp;

    fn jobs(answers: Vec<ReplayEvent>) -> (StaticReplayClient, SqsJobs) {
        let (http, sdk) = sdk_config(answers);
        let clock = Arc::new(JumpingClock::default());
        let url = "https://sqs.eu-central-1.amazonaws.com/1/jobs";
        (http, SqsJobs::new(Client::new(&sdk), url, clock, Arc::new(ConstantRandom(0))))
    }

    fn ticks(count: i64) -> Vec<(Job, Duration)> {
        (0..count).map(|at| (Job::Tick { at: Timestamp::from_micros(at) }, Duration::ZERO)).collect()
    }

    fn all_taken() -> ReplayEvent {
        json_answer(200, &json!({"Successful": [], "Failed": []}))
    }

    fn failed(ids: &[&str], sender_fault: bool) -> ReplayEvent {
        let failed = ids.iter().map(|id| json!({"Id": id, "SenderFault": sender_fault, "Code": "Odd"}));
        json_answer(200, &json!({"Successful": [], "Failed": failed.collect::<Vec<_>>()}))
    }

    /// The moments of the ticks in each request.
    fn moments(http: &StaticReplayClient) -> Vec<Vec<i64>> {
        let moment = |entry: &Value| {
            let body: Value = serde_json::from_str(entry["MessageBody"].as_str().unwrap()).unwrap();
            body["at"].as_i64().unwrap()
        };
        let bodies = json_bodies(http);
        bodies.iter().map(|body| body["Entries"].as_array().unwrap().iter().map(moment).collect()).collect()
    }

    #[tokio::test]
    async fn jobs_are_json_messages_with_delays_in_whole_seconds_rounded_up() {
        let (http, jobs) = jobs(vec![all_taken()]);
        let tick = |millis| (Job::Tick { at: Timestamp::from_micros(7) }, Duration::from_millis(millis));
        jobs.enqueue(vec![tick(0), tick(1), tick(3000), tick(900_000)]).await.unwrap();
        let entry = |id: &str, delay: i64| json!({"Id": id, "MessageBody": r#"{"job":"tick","at":7}"#, "DelaySeconds": delay});
        assert_eq!(
            json_bodies(&http),
            [json!({
                "QueueUrl": "https://sqs.eu-central-1.amazonaws.com/1/jobs",
                "Entries": [entry("0", 0), entry("1", 1), entry("2", 3), entry("3", 900)],
            })]
        );
    }

    #[tokio::test]
    async fn ten_messages_go_in_one_request() {
        let (http, jobs) = jobs(vec![all_taken(), all_taken(), all_taken()]);
        jobs.enqueue(ticks(21)).await.unwrap();
        assert_eq!(moments(&http).iter().map(Vec::len).collect::<Vec<_>>(), [10, 10, 1]);
        jobs.enqueue(vec![]).await.unwrap();
        assert_eq!(http.actual_requests().count(), 3);
    }

    #[test]
    fn a_request_holds_a_mebibyte() {
        let message = |bytes: usize| Message { body: "x".repeat(bytes), delay_seconds: 0 };
        let third = MAX_BATCH_BYTES / 3;
        let sizes = |messages: Vec<Message>| batches(messages).iter().map(Vec::len).collect::<Vec<_>>();
        assert_eq!(sizes(vec![message(third); 7]), [3, 3, 1]);
        assert_eq!(sizes(vec![message(MAX_BATCH_BYTES), message(1), message(MAX_BATCH_BYTES)]), [1, 1, 1]);
    }

    #[tokio::test]
    async fn messages_that_sqs_fails_to_take_are_sent_again_and_they_alone() {
        let (http, jobs) = jobs(vec![failed(&["1", "3"], false), failed(&["0"], false), all_taken()]);
        jobs.enqueue(ticks(4)).await.unwrap();
        assert_eq!(moments(&http), [vec![0, 1, 2, 3], vec![1, 3], vec![1]]);
    }

    #[tokio::test]
    async fn what_is_not_taken_in_the_end_is_an_error() {
        let (_, stubborn) = jobs((0..ATTEMPTS).map(|_| failed(&["0"], false)).collect());
        stubborn.enqueue(ticks(1)).await.unwrap_err();
        let (http, strict) = jobs(vec![failed(&["0"], true)]);
        strict.enqueue(ticks(1)).await.unwrap_err();
        assert_eq!(http.actual_requests().count(), 1, "what we got wrong stays wrong");
        let (_, down) = jobs(vec![answer(503, &[], "")]);
        down.enqueue(ticks(1)).await.unwrap_err();
    }

    #[test]
    fn every_text_survives_the_queue() {
        let text: String = ('\0'..='\u{ff}').chain(['\u{2028}', '\u{fffe}', '\u{ffff}', '😀']).collect();
        let job = Job::Publish { group: Group::Feed, frame: Frame::new(text).unwrap() };
        let body = message(&(job.clone(), Duration::ZERO)).unwrap().body;
        let is_refused = |c: char| matches!(c, '\u{fffe}' | '\u{ffff}') || (c < ' ' && !"\t\n\r".contains(c));
        assert!(!body.contains(is_refused), "{body:?}");
        assert_eq!(serde_json::from_str::<Job>(&body).unwrap(), job);
    }
}
