//! The function's batch handler, with something else than an application behind it.

use std::fmt;
use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use bytes::Bytes;
use emulator::lambda::{InvokeError, Invoker};
use parlor::aws::SqsRedelivery;
use parlor::inbound::queue;
use parlor::ports::{Cause, Job};
use serde_json::Value;

use crate::patient_clock::FailedAttempts;

/// Does a job.
pub(crate) type Handle = Box<dyn Fn(Job) -> Result<(), Cause> + Send + Sync>;

pub(crate) struct Worker {
    pub(crate) handle: Handle,
    /// Known as soon as the queues' URL is.
    pub(crate) redelivery: Arc<OnceLock<SqsRedelivery>>,
    pub(crate) failed: FailedAttempts,
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Worker")
    }
}

impl Worker {
    fn note_failures(&self, event: &Value, answer: &Value) {
        let failures = answer["batchItemFailures"].as_array().unwrap();
        let has_failed =
            |record: &&Value| failures.iter().any(|failure| failure["itemIdentifier"] == record["messageId"]);
        let records = event["Records"].as_array().unwrap();
        self.failed.lock().unwrap().extend(records.iter().filter(has_failed).map(attempt));
    }
}

fn attempt(record: &Value) -> (String, u32) {
    let receives = record["attributes"]["ApproximateReceiveCount"].as_str().unwrap();
    (record["messageId"].as_str().unwrap().to_owned(), receives.parse().unwrap())
}

#[async_trait]
impl Invoker for Worker {
    async fn invoke(&self, function: &str, event: Bytes) -> Result<Bytes, InvokeError> {
        assert_eq!(function, "deliver");
        let event: Value = serde_json::from_slice(&event).unwrap();
        let answer = queue::each_job(self.redelivery.wait(), event.clone(), async |job| (self.handle)(job));
        let answer = answer.await.unwrap();
        self.note_failures(&event, &answer);
        Ok(answer.to_string().into())
    }
}
