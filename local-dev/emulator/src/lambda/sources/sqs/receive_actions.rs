//! `ReceiveMessage`, and what is done with messages that were received.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::batch::{self, Batch, MAX_ENTRIES};
use super::message::{Received, Want};
use super::message_attribute;
use super::queue_attributes::MAX_VISIBILITY_SECONDS;
use super::queue_name::queue_name;
use super::service::SqsService;
use super::sqs_error::{Refusal, SqsError};

/// The longest wait.
const MAX_WAIT_SECONDS: i64 = 20;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Receive {
    queue_url: String,
    max_number_of_messages: Option<i64>,
    visibility_timeout: Option<i64>,
    wait_time_seconds: Option<i64>,
    #[serde(default)]
    attribute_names: Option<Vec<String>>,
    #[serde(default)]
    message_system_attribute_names: Option<Vec<String>>,
    #[serde(default)]
    message_attribute_names: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Delete {
    queue_url: String,
    #[serde(flatten)]
    receipt: Receipt,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Receipt {
    receipt_handle: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ChangeVisibility {
    queue_url: String,
    #[serde(flatten)]
    change: Change,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Change {
    receipt_handle: String,
    visibility_timeout: Option<i64>,
}

pub(super) async fn receive(service: &SqsService, request: Receive) -> Result<Value, SqsError> {
    let queue = queue_name(&request.queue_url)?;
    let (attributes, _) = service.queues.attributes(&queue)?;
    let most = i64::try_from(MAX_ENTRIES).unwrap_or(i64::MAX);
    let messages = within("MaxNumberOfMessages", request.max_number_of_messages.unwrap_or(1), 1, most)?;
    let visibility = request.visibility_timeout.map(visibility).transpose()?;
    let wait =
        request.wait_time_seconds.map(|seconds| within("WaitTimeSeconds", seconds, 0, MAX_WAIT_SECONDS));
    let wait = wait.transpose()?.map_or(attributes.receive_wait, Duration::from_secs);
    if wait.is_zero() && service.queues.is_at_limit(&queue)? {
        let message = "Too many messages are in flight: they must be deleted before others are received.";
        return Err(SqsError::new(Refusal::OverLimit, message));
    }
    let want = Want { visibility, ..Want::messages(usize::try_from(messages).unwrap_or(1)) };
    let until = service.queues.now().plus(wait);
    let received = service.queues.receive(&queue, want, Some(until)).await?;
    let messages: Vec<Value> = received.iter().map(|received| request.answer(received)).collect();
    Ok(if messages.is_empty() { json!({}) } else { json!({ "Messages": messages }) })
}

pub(super) fn delete(service: &SqsService, request: &Delete) -> Result<Value, SqsError> {
    service.queues.delete(&queue_name(&request.queue_url)?, &request.receipt.receipt_handle)?;
    Ok(json!({}))
}

pub(super) fn delete_batch(service: &SqsService, request: Batch<Receipt>) -> Result<Value, SqsError> {
    let queue = queue_name(&request.queue_url)?;
    service.queues.attributes(&queue)?;
    request.check()?;
    batch::each(request.entries, |receipt| {
        service.queues.delete(&queue, &receipt.receipt_handle)?;
        Ok(json!({}))
    })
}

pub(super) fn change_visibility(service: &SqsService, request: &ChangeVisibility) -> Result<Value, SqsError> {
    change(service, &queue_name(&request.queue_url)?, &request.change)
}

pub(super) fn change_visibility_batch(
    service: &SqsService,
    request: Batch<Change>,
) -> Result<Value, SqsError> {
    let queue = queue_name(&request.queue_url)?;
    service.queues.attributes(&queue)?;
    request.check()?;
    batch::each(request.entries, |wanted| change(service, &queue, &wanted))
}

fn change(service: &SqsService, queue: &str, change: &Change) -> Result<Value, SqsError> {
    let seconds = change.visibility_timeout.ok_or_else(|| {
        let message = "The request must contain the parameter VisibilityTimeout.";
        SqsError::new(Refusal::MissingParameter, message)
    })?;
    service.queues.change_visibility(queue, &change.receipt_handle, visibility(seconds)?)?;
    Ok(json!({}))
}

impl Receive {
    /// A message with what was asked for of it.
    fn answer(&self, received: &Received) -> Value {
        let sent = &received.message.sent;
        let mut answer = json!({
            "MessageId": received.message.id,
            "ReceiptHandle": received.receipt_handle,
            "Body": sent.body,
            "MD5OfBody": message_attribute::body_digest(&sent.body),
        });
        let wanted = message_attribute::wanted(
            &sent.attributes,
            self.message_attribute_names.as_deref().unwrap_or(&[]),
        );
        if let Some(digest) = message_attribute::digest(&wanted) {
            answer["MD5OfMessageAttributes"] = json!(digest);
            answer["MessageAttributes"] = json!(wanted);
        }
        let mut system = received.system_attributes();
        system.retain(|name, _| self.wants_system_attribute(name));
        if !system.is_empty() {
            answer["Attributes"] = Value::Object(system);
        }
        answer
    }

    fn wants_system_attribute(&self, name: &str) -> bool {
        let names = self.attribute_names.iter().chain(&self.message_system_attribute_names).flatten();
        names.into_iter().any(|wanted| wanted == "All" || wanted == name)
    }
}

impl Received {
    /// What SQS itself says of a message.
    pub(crate) fn system_attributes(&self) -> Map<String, Value> {
        let mut attributes = Map::new();
        let mut say = |name: &str, text: String| attributes.insert(name.to_owned(), Value::String(text));
        say("ApproximateReceiveCount", self.receive_count.to_string());
        say("SentTimestamp", self.message.sent_at.as_millis().to_string());
        say("SenderId", crate::lambda::sources::names::ACCOUNT.to_owned());
        say("ApproximateFirstReceiveTimestamp", self.first_received_at.as_millis().to_string());
        if let Some(queue) = &self.message.dead_letter_of {
            say("DeadLetterQueueSourceArn", crate::lambda::sources::names::queue_arn(queue));
        }
        for (name, attribute) in &self.message.sent.system_attributes {
            say(name, attribute.string_value.clone().unwrap_or_default());
        }
        attributes
    }
}

fn visibility(seconds: i64) -> Result<Duration, SqsError> {
    let longest = i64::try_from(MAX_VISIBILITY_SECONDS).unwrap_or(i64::MAX);
    within("VisibilityTimeout", seconds, 0, longest).map(Duration::from_secs)
}

fn within(name: &str, number: i64, from: i64, to: i64) -> Result<u64, SqsError> {
    match u64::try_from(number) {
        Ok(whole) if (from..=to).contains(&number) => Ok(whole),
        _ => Err(SqsError::invalid(format!(
            "Value {number} for parameter {name} is invalid. Reason: Must be between {from} and {to}, if provided."
        ))),
    }
}
