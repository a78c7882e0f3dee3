//! The event that a batch of messages is.

use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::lambda::sources::names::{REGION, queue_arn};
use crate::lambda::sources::sqs::{MessageAttribute, Received, body_digest, digest};

/// The event, as Lambda writes it.
pub(super) fn queue_event(queue: &str, batch: &[Received]) -> Bytes {
    let records: Vec<Value> = batch.iter().map(|received| record(queue, received)).collect();
    Bytes::from(json!({ "Records": records }).to_string())
}

fn record(queue: &str, received: &Received) -> Value {
    let sent = &received.message.sent;
    let attributes: Map<String, Value> =
        sent.attributes.iter().map(|(name, it)| (name.clone(), attribute(it))).collect();
    let mut record = json!({
        "messageId": received.message.id,
        "receiptHandle": received.receipt_handle,
        "body": sent.body,
        "attributes": received.system_attributes(),
        "messageAttributes": attributes,
        "md5OfBody": body_digest(&sent.body),
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn(queue),
        "awsRegion": REGION,
    });
    if let Some(digest) = digest(&sent.attributes) {
        record["md5OfMessageAttributes"] = json!(digest);
    }
    record
}

fn attribute(attribute: &MessageAttribute) -> Value {
    let mut value = json!({
        "dataType": attribute.data_type,
        "stringListValues": [],
        "binaryListValues": [],
    });
    if let Some(text) = &attribute.string_value {
        value["stringValue"] = json!(text);
    }
    if let Some(bytes) = &attribute.binary_value {
        value["binaryValue"] = json!(bytes);
    }
    value
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use parlor::protocol::Timestamp;

    use super::*;
    use crate::lambda::sources::sqs::{Message, MessageAttributes, NewMessage};

    #[test]
    fn a_record_has_lambdas_own_shape() {
        let text = |text: &str| MessageAttribute {
            data_type: "String".to_owned(),
            string_value: Some(text.to_owned()),
            binary_value: None,
        };
        let sent = NewMessage {
            attributes: MessageAttributes::from([("a".to_owned(), text("x"))]),
            system_attributes: MessageAttributes::from([("AWSTraceHeader".to_owned(), text("Root=1"))]),
            ..NewMessage::text("hello")
        };
        let sent_at = Timestamp::from_secs(1);
        let message = Message { id: "m".to_owned(), sent, sent_at, dead_letter_of: None };
        let received = Received {
            message: Arc::new(message),
            receipt_handle: "h".to_owned(),
            receive_count: 2,
            first_received_at: Timestamp::from_secs(2),
        };
        let expected = json!({ "Records": [{
            "messageId": "m",
            "receiptHandle": "h",
            "body": "hello",
            "attributes": {
                "ApproximateReceiveCount": "2",
                "SentTimestamp": "1000",
                "SenderId": "000000000000",
                "ApproximateFirstReceiveTimestamp": "2000",
                "AWSTraceHeader": "Root=1",
            },
            "messageAttributes": { "a": {
                "stringValue": "x", "stringListValues": [], "binaryListValues": [], "dataType": "String",
            } },
            "md5OfBody": "5d41402abc4b2a76b9719d911017c592",
            "md5OfMessageAttributes": digest(&received.message.sent.attributes),
            "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:jobs",
            "awsRegion": "us-east-1",
        }] });
        assert_eq!(serde_json::from_slice::<Value>(&queue_event("jobs", &[received])).unwrap(), expected);
    }
}
