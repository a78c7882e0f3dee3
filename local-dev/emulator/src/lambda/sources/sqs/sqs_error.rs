//! What SQS answers when it refuses.

use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse;
use serde_json::json;

/// The content type of requests and answers alike.
pub(super) const JSON_1_0: &str = "application/x-amz-json-1.0";

/// A kind of refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// No queue has that name.
    QueueDoesNotExist,
    /// There is a queue of that name, with other attributes.
    QueueNameExists,
    /// That is no receipt handle of this queue.
    ReceiptHandleIsInvalid,
    /// The message is not being worked on.
    MessageNotInflight,
    /// Two entries of a batch have the same id.
    BatchEntryIdsNotDistinct,
    /// A batch without entries.
    EmptyBatchRequest,
    /// A batch of more than ten entries.
    TooManyEntries,
    /// A batch of too many bytes.
    BatchRequestTooLong,
    /// An entry's id has characters that it may not have.
    InvalidBatchEntryId,
    /// This stand-in does not do that.
    UnsupportedOperation,
    /// Too many messages in flight, or too many queues.
    OverLimit,
    /// A body has characters that SQS does not take.
    InvalidMessageContents,
    /// No such attribute.
    InvalidAttributeName,
    /// An attribute's value is out of its range.
    InvalidAttributeValue,
    /// A parameter is out of its range.
    InvalidParameterValue,
    /// A parameter is missing.
    MissingParameter,
    /// No such action.
    InvalidAction,
    /// The request is not the JSON that it should be.
    Serialization,
    /// Somebody may not call this.
    AccessDenied,
    /// The memory for messages is used up: not the caller's fault.
    Unavailable,
}

impl Refusal {
    /// The name in `__type`, and the code that older SDKs know.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::QueueDoesNotExist => {
                ("com.amazonaws.sqs#QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue")
            }
            Self::QueueNameExists => ("com.amazonaws.sqs#QueueNameExists", "QueueAlreadyExists"),
            Self::ReceiptHandleIsInvalid => {
                ("com.amazonaws.sqs#ReceiptHandleIsInvalid", "ReceiptHandleIsInvalid")
            }
            Self::MessageNotInflight => {
                ("com.amazonaws.sqs#MessageNotInflight", "AWS.SimpleQueueService.MessageNotInflight")
            }
            Self::OverLimit => ("com.amazonaws.sqs#OverLimit", "OverLimit"),
            Self::InvalidMessageContents => {
                ("com.amazonaws.sqs#InvalidMessageContents", "InvalidMessageContents")
            }
            Self::InvalidAttributeName => ("com.amazonaws.sqs#InvalidAttributeName", "InvalidAttributeName"),
            Self::InvalidAttributeValue => {
                ("com.amazonaws.sqs#InvalidAttributeValue", "InvalidAttributeValue")
            }
            Self::UnsupportedOperation => {
                ("com.amazonaws.sqs#UnsupportedOperation", "AWS.SimpleQueueService.UnsupportedOperation")
            }
            _ => self.names_of_batches_and_protocol(),
        }
    }

    fn names_of_batches_and_protocol(self) -> (&'static str, &'static str) {
        match self {
            Self::BatchEntryIdsNotDistinct => (
                "com.amazonaws.sqs#BatchEntryIdsNotDistinct",
                "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
            ),
            Self::EmptyBatchRequest => {
                ("com.amazonaws.sqs#EmptyBatchRequest", "AWS.SimpleQueueService.EmptyBatchRequest")
            }
            Self::TooManyEntries => (
                "com.amazonaws.sqs#TooManyEntriesInBatchRequest",
                "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
            ),
            Self::BatchRequestTooLong => {
                ("com.amazonaws.sqs#BatchRequestTooLong", "AWS.SimpleQueueService.BatchRequestTooLong")
            }
            Self::InvalidBatchEntryId => {
                ("com.amazonaws.sqs#InvalidBatchEntryId", "AWS.SimpleQueueService.InvalidBatchEntryId")
            }
            Self::MissingParameter => {
                ("com.amazon.coral.service#MissingRequiredParameterException", "MissingParameter")
            }
            Self::InvalidAction => ("com.amazon.coral.service#UnknownOperationException", "InvalidAction"),
            Self::Serialization => ("com.amazon.coral.service#SerializationException", "MalformedInput"),
            Self::AccessDenied => ("com.amazon.coral.service#AccessDeniedException", "AccessDenied"),
            Self::Unavailable => {
                ("com.amazon.coral.service#ServiceUnavailableException", "ServiceUnavailable")
            }
            _ => ("com.amazon.coral.service#InvalidParameterValueException", "InvalidParameterValue"),
        }
    }

    /// Whether the caller is to blame, so that the same request fails again.
    fn is_senders_fault(self) -> bool {
        self != Self::Unavailable
    }

    fn status(self) -> StatusCode {
        match self {
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::AccessDenied => StatusCode::FORBIDDEN,
            _ => StatusCode::BAD_REQUEST,
        }
    }
}

/// A refusal, and what it says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SqsError {
    /// Which.
    pub kind: Refusal,
    /// For a person.
    pub message: String,
}

impl SqsError {
    pub(super) fn new(kind: Refusal, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::new(Refusal::InvalidParameterValue, message)
    }

    pub(super) fn no_queue() -> Self {
        Self::new(Refusal::QueueDoesNotExist, "The specified queue does not exist.")
    }

    /// How a batch's answer tells of one entry that was refused.
    pub(super) fn entry(&self, id: &str) -> serde_json::Value {
        let (_, code) = self.kind.names();
        json!({
            "Id": id,
            "Code": code,
            "Message": self.message,
            "SenderFault": self.kind.is_senders_fault(),
        })
    }
}

impl IntoResponse for SqsError {
    fn into_response(self) -> Response<axum::body::Body> {
        let (kind, code) = self.kind.names();
        let body = json!({ "__type": kind, "message": self.message }).to_string();
        let fault = if self.kind.is_senders_fault() { "Sender" } else { "Receiver" };
        let mut response = (self.kind.status(), [(header::CONTENT_TYPE, JSON_1_0)], body).into_response();
        if let Ok(value) = HeaderValue::try_from(format!("{code};{fault}")) {
            response.headers_mut().insert("x-amzn-query-error", value);
        }
        response
    }
}
