//! Functions that the test plays.

use async_trait::async_trait;
use bytes::Bytes;
use emulator::lambda::{Failure, InvokeError, Invoker};
use serde_json::Value;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;

type Outcome = Result<Bytes, InvokeError>;

/// Tells the test of each call, and waits for its outcome.
#[derive(Debug)]
pub(super) struct Stage(UnboundedSender<Call>);

/// A call that waits for its outcome.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) function: String,
    pub(crate) event: Value,
    outcome: oneshot::Sender<Outcome>,
}

impl Stage {
    pub(super) fn new() -> (Self, UnboundedReceiver<Call>) {
        let (calls, received) = unbounded_channel();
        (Self(calls), received)
    }
}

impl Call {
    pub(crate) fn ends(self, outcome: Outcome) {
        self.outcome.send(outcome).expect("somebody waits for the outcome");
    }

    pub(crate) fn returns(self, answer: &str) {
        self.ends(Ok(Bytes::from(answer.to_owned())));
    }

    pub(crate) fn fails(self) {
        self.ends(Err(failed()));
    }

    /// The bodies of a queue's event.
    pub(crate) fn bodies(&self) -> Vec<&str> {
        self.records().iter().map(|record| record["body"].as_str().unwrap()).collect()
    }

    /// The key of a bucket's event.
    pub(crate) fn key(&self) -> &str {
        self.records()[0]["s3"]["object"]["key"].as_str().unwrap()
    }

    pub(crate) fn records(&self) -> &Vec<Value> {
        self.event["Records"].as_array().unwrap()
    }
}

fn failed() -> InvokeError {
    InvokeError::Failed(Failure { error_type: "Odd".to_owned(), error_message: "as ordered".to_owned() })
}

pub(crate) fn unreachable() -> InvokeError {
    InvokeError::Unreachable("as ordered".into())
}

#[async_trait]
impl Invoker for Stage {
    async fn invoke(&self, function: &str, event: Bytes) -> Outcome {
        let (outcome, decided) = oneshot::channel();
        let event = serde_json::from_slice(&event).unwrap();
        // A test that has ended wants to hear of nothing.
        let _ = self.0.send(Call { function: function.to_owned(), event, outcome });
        decided.await.unwrap_or_else(|_| Err(unreachable()))
    }
}
