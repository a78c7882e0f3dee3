//! What a queue can be told about itself.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use serde_json::json;

use super::message::MAX_BYTES;
use super::sqs_error::{Refusal, SqsError};
use crate::lambda::sources::names::queue_arn;
use crate::lambda::wiring::{Queue, Redrive};

/// Attributes that are taken and have no effect: encryption and permissions.
const WITHOUT_EFFECT: [&str; 6] = [
    "Policy",
    "RedriveAllowPolicy",
    "KmsMasterKeyId",
    "KmsDataKeyReusePeriodSeconds",
    "SqsManagedSseEnabled",
    "ContentBasedDeduplication",
];
/// Twelve hours.
pub(super) const MAX_VISIBILITY_SECONDS: u64 = 43_200;

/// What a queue is like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueAttributes {
    /// For how long a received message is hidden from others.
    pub visibility_timeout: Duration,
    /// How late a message comes that does not say so itself.
    pub delay: Duration,
    /// For how long messages are kept.
    pub retention: Duration,
    /// For how long a receiver waits that does not say so itself.
    pub receive_wait: Duration,
    /// The longest message, in bytes.
    pub max_message_bytes: usize,
    /// Where messages go that fail too often.
    pub redrive: Option<Redrive>,
}

/// SQS's own defaults.
impl Default for QueueAttributes {
    fn default() -> Self {
        Self {
            visibility_timeout: Duration::from_secs(30),
            delay: Duration::ZERO,
            retention: Duration::from_secs(4 * 24 * 3600),
            receive_wait: Duration::ZERO,
            max_message_bytes: MAX_BYTES,
            redrive: None,
        }
    }
}

impl From<&Queue> for QueueAttributes {
    fn from(queue: &Queue) -> Self {
        Self {
            visibility_timeout: queue.visibility_timeout,
            delay: queue.delay,
            retention: queue.retention,
            redrive: queue.redrive.clone(),
            ..Self::default()
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RedrivePolicy {
    dead_letter_target_arn: String,
    max_receive_count: serde_json::Value,
}

impl QueueAttributes {
    /// As `CreateQueue` states them.
    pub(super) fn parse(texts: &BTreeMap<String, String>) -> Result<Self, SqsError> {
        let mut attributes = Self::default();
        for (name, text) in texts {
            attributes.set(name, text)?;
        }
        Ok(attributes)
    }

    fn set(&mut self, name: &str, text: &str) -> Result<(), SqsError> {
        let seconds = |from, to| within(name, text, from, to).map(Duration::from_secs);
        match name {
            "VisibilityTimeout" => self.visibility_timeout = seconds(0, MAX_VISIBILITY_SECONDS)?,
            "DelaySeconds" => self.delay = seconds(0, 900)?,
            "MessageRetentionPeriod" => self.retention = seconds(60, 1_209_600)?,
            "ReceiveMessageWaitTimeSeconds" => self.receive_wait = seconds(0, 20)?,
            "MaximumMessageSize" => {
                let bytes = within(name, text, 1024, MAX_BYTES as u64)?;
                self.max_message_bytes = usize::try_from(bytes).unwrap_or(MAX_BYTES);
            }
            "RedrivePolicy" => self.redrive = redrive(text)?,
            "FifoQueue" if text == "true" => return Err(no_fifo()),
            _ if WITHOUT_EFFECT.contains(&name) || name == "FifoQueue" => {}
            _ => {
                let message = format!("Unknown Attribute {name}.");
                return Err(SqsError::new(Refusal::InvalidAttributeName, message));
            }
        }
        Ok(())
    }

    /// As `GetQueueAttributes` states them.
    pub(super) fn texts(&self, name: &str) -> BTreeMap<String, String> {
        let seconds = |duration: Duration| duration.as_secs().to_string();
        let mut texts = BTreeMap::from(
            [
                ("QueueArn", queue_arn(name)),
                ("VisibilityTimeout", seconds(self.visibility_timeout)),
                ("DelaySeconds", seconds(self.delay)),
                ("MessageRetentionPeriod", seconds(self.retention)),
                ("ReceiveMessageWaitTimeSeconds", seconds(self.receive_wait)),
                ("MaximumMessageSize", self.max_message_bytes.to_string()),
            ]
            .map(|(name, text)| (name.to_owned(), text)),
        );
        if let Some(redrive) = &self.redrive {
            let policy = json!({
                "deadLetterTargetArn": queue_arn(&redrive.dead_letters),
                "maxReceiveCount": redrive.max_receive_count,
            });
            texts.insert("RedrivePolicy".to_owned(), policy.to_string());
        }
        texts
    }
}

/// What a FIFO queue would need is not built: order and deduplication.
pub(super) fn no_fifo() -> SqsError {
    let message = "FIFO queues are not supported here: only standard queues are.";
    SqsError::new(Refusal::UnsupportedOperation, message)
}

fn within(name: &str, text: &str, from: u64, to: u64) -> Result<u64, SqsError> {
    text.parse().ok().filter(|number| (from..=to).contains(number)).ok_or_else(|| {
        let message = format!("Invalid value for the parameter {name}: a number from {from} to {to} is.");
        SqsError::new(Refusal::InvalidAttributeValue, message)
    })
}

fn redrive(text: &str) -> Result<Option<Redrive>, SqsError> {
    if text.is_empty() {
        return Ok(None);
    }
    let parsed = || {
        let policy: RedrivePolicy = serde_json::from_str(text).ok()?;
        let dead_letters = policy.dead_letter_target_arn.rsplit(':').next()?.to_owned();
        // Some tools write the number as a text.
        let count = policy.max_receive_count;
        let count = count.as_u64().or_else(|| count.as_str()?.parse().ok())?;
        let max_receive_count = u32::try_from(count).ok().filter(|count| (1..=1000).contains(count))?;
        Some(Redrive { dead_letters, max_receive_count })
    };
    let message = "RedrivePolicy names a deadLetterTargetArn and a maxReceiveCount from 1 to 1000, as JSON.";
    parsed().map(Some).ok_or_else(|| SqsError::new(Refusal::InvalidAttributeValue, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(name: &str, text: &str) -> Result<QueueAttributes, SqsError> {
        QueueAttributes::parse(&BTreeMap::from([(name.to_owned(), text.to_owned())]))
    }

    #[test]
    fn attributes_are_read_as_they_are_written() {
        let redrive = Redrive { dead_letters: "dead".to_owned(), max_receive_count: 3 };
        let attributes = QueueAttributes {
            visibility_timeout: Duration::from_secs(360),
            redrive: Some(redrive),
            ..QueueAttributes::default()
        };
        let mut texts = attributes.texts("jobs");
        assert_eq!(texts.remove("QueueArn").unwrap(), "arn:aws:sqs:us-east-1:000000000000:jobs");
        assert_eq!(QueueAttributes::parse(&texts).unwrap(), attributes);
        assert_eq!(parse("SqsManagedSseEnabled", "true").unwrap(), QueueAttributes::default());
        let as_text = r#"{"deadLetterTargetArn":"a:b:dead","maxReceiveCount":"3"}"#;
        assert_eq!(parse("RedrivePolicy", as_text).unwrap().redrive, attributes.redrive);
    }

    #[test]
    fn what_is_out_of_range_or_unknown_is_refused() {
        let table = [
            ("VisibilityTimeout", "43201", Refusal::InvalidAttributeValue),
            ("DelaySeconds", "-1", Refusal::InvalidAttributeValue),
            ("MessageRetentionPeriod", "59", Refusal::InvalidAttributeValue),
            ("MaximumMessageSize", "1048577", Refusal::InvalidAttributeValue),
            ("RedrivePolicy", r#"{"maxReceiveCount":1}"#, Refusal::InvalidAttributeValue),
            (
                "RedrivePolicy",
                r#"{"deadLetterTargetArn":"a","maxReceiveCount":0}"#,
                Refusal::InvalidAttributeValue,
            ),
            ("FifoQueue", "true", Refusal::UnsupportedOperation),
            ("Colour", "red", Refusal::InvalidAttributeName),
        ];
        for (name, text, kind) in table {
            assert_eq!(parse(name, text).unwrap_err().kind, kind, "{name}");
        }
    }
}
