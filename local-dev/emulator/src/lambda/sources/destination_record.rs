//! What Lambda puts into the queue of asynchronous events that it gave up on.

use parlor::protocol::Timestamp;
use serde_json::{Value, json};

use super::names::function_arn;
use crate::gateway::event_times::iso;
use crate::lambda::{Failure, InvokeError};

/// Why an event was given up on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Condition {
    /// It failed as often as it may.
    RetriesExhausted,
    /// It is too old.
    EventAgeExceeded,
}

/// What became of an event.
#[derive(Debug)]
pub(super) struct GivenUp<'a> {
    pub(super) request_id: &'a str,
    pub(super) function: &'a str,
    pub(super) event: &'a [u8],
    pub(super) condition: Condition,
    pub(super) attempts: u32,
    pub(super) last: &'a InvokeError,
}

impl GivenUp<'_> {
    /// As the queue gets it.
    pub(super) fn record(&self, now: Timestamp) -> Value {
        let condition = match self.condition {
            Condition::RetriesExhausted => "RetriesExhausted",
            Condition::EventAgeExceeded => "EventAgeExceeded",
        };
        let mut record = json!({
            "version": "1.0",
            "timestamp": iso(now),
            "requestContext": {
                "requestId": self.request_id,
                "functionArn": function_arn(self.function),
                "condition": condition,
                "approximateInvokeCount": self.attempts,
            },
            "requestPayload": payload(self.event),
        });
        if let Some(answer) = self.answer() {
            record["responseContext"] =
                json!({ "statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled" });
            record["responsePayload"] = answer;
        }
        record
    }

    /// What the function itself said last, if it ran.
    fn answer(&self) -> Option<Value> {
        match self.last {
            InvokeError::Failed(Failure { error_type, error_message }) => {
                Some(json!({ "errorType": error_type, "errorMessage": error_message }))
            }
            InvokeError::TimedOut => {
                Some(json!({ "errorType": "Sandbox.Timedout", "errorMessage": self.last.to_string() }))
            }
            InvokeError::NoSuchFunction(_) | InvokeError::Unreachable(_) => None,
        }
    }
}

/// An event as JSON; as text, if it is none.
fn payload(event: &[u8]) -> Value {
    serde_json::from_slice(event)
        .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(event).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_has_lambdas_own_shape() {
        let failure = Failure { error_type: "Odd".to_owned(), error_message: "no".to_owned() };
        let given_up = |last| GivenUp {
            request_id: "r",
            function: "f",
            event: br#"{"a":1}"#,
            condition: Condition::RetriesExhausted,
            attempts: 3,
            last,
        };
        let failed = InvokeError::Failed(failure);
        let expected = json!({
            "version": "1.0",
            "timestamp": "1970-01-01T00:00:01.000Z",
            "requestContext": {
                "requestId": "r",
                "functionArn": "arn:aws:lambda:us-east-1:000000000000:function:f:$LATEST",
                "condition": "RetriesExhausted",
                "approximateInvokeCount": 3,
            },
            "requestPayload": { "a": 1 },
            "responseContext": { "statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled" },
            "responsePayload": { "errorType": "Odd", "errorMessage": "no" },
        });
        assert_eq!(given_up(&failed).record(Timestamp::from_secs(1)), expected);
        let unreachable = InvokeError::Unreachable("down".into());
        assert!(given_up(&unreachable).record(Timestamp::from_secs(1)).get("responseContext").is_none());
    }
}
