//! `SendMessage` and `SendMessageBatch`.

use serde::Deserialize;
use serde_json::{Value, json};

use super::batch::{self, Batch};
use super::message::{self, MAX_BYTES, NewMessage};
use super::message_attribute::{self, MessageAttributes};
use super::queue_attributes::no_fifo;
use super::queue_name::queue_name;
use super::service::SqsService;
use super::sqs_error::{Refusal, SqsError};

/// A message and where to.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Send {
    queue_url: String,
    #[serde(flatten)]
    message: Outgoing,
}

/// A message as requests write it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Outgoing {
    message_body: String,
    delay_seconds: Option<i64>,
    #[serde(default)]
    message_attributes: Option<MessageAttributes>,
    #[serde(default)]
    message_system_attributes: Option<MessageAttributes>,
    message_deduplication_id: Option<String>,
}

impl Outgoing {
    fn size(&self) -> usize {
        self.message_body.len() + self.message_attributes.as_ref().map_or(0, message_attribute::size)
    }

    fn into_message(self) -> Result<NewMessage, SqsError> {
        if self.message_deduplication_id.is_some() {
            return Err(no_fifo());
        }
        Ok(NewMessage {
            body: self.message_body,
            attributes: self.message_attributes.unwrap_or_default(),
            system_attributes: self.message_system_attributes.unwrap_or_default(),
            delay: message::delay(self.delay_seconds)?,
        })
    }
}

pub(super) fn send(service: &SqsService, request: Send) -> Result<Value, SqsError> {
    send_one(service, &queue_name(&request.queue_url)?, request.message)
}

pub(super) fn send_batch(service: &SqsService, request: Batch<Outgoing>) -> Result<Value, SqsError> {
    let queue = queue_name(&request.queue_url)?;
    service.queues.attributes(&queue)?;
    request.check()?;
    let bytes: usize = request.entries.iter().map(|entry| entry.what.size()).sum();
    if bytes > MAX_BYTES {
        let message =
            format!("Batch requests cannot be longer than {MAX_BYTES} bytes. You have sent {bytes} bytes.");
        return Err(SqsError::new(Refusal::BatchRequestTooLong, message));
    }
    batch::each(request.entries, |message| send_one(service, &queue, message))
}

/// Sends a message; answers its name, and digests for the sender to verify.
fn send_one(service: &SqsService, queue: &str, message: Outgoing) -> Result<Value, SqsError> {
    let message = message.into_message()?;
    let mut answer = json!({ "MD5OfMessageBody": message_attribute::body_digest(&message.body) });
    if let Some(digest) = message_attribute::digest(&message.attributes) {
        answer["MD5OfMessageAttributes"] = json!(digest);
    }
    if let Some(digest) = message_attribute::digest(&message.system_attributes) {
        answer["MD5OfMessageSystemAttributes"] = json!(digest);
    }
    answer["MessageId"] = json!(service.queues.send(queue, message)?);
    Ok(answer)
}
