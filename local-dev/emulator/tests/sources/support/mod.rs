//! Event sources on free ports, and functions that the test itself plays.

mod calls;
mod upstream;
mod wirings;

use std::sync::Arc;
use std::time::Duration;

use emulator::lambda::Wiring;
use emulator::lambda::sources::{BoundEventSources, EventSources, SourceSettings};
use parlor::testing::SettableClock;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use tokio::sync::Mutex;
use tokio::sync::mpsc::UnboundedReceiver;

use self::calls::Stage;
pub(crate) use self::calls::{Call, unreachable};
pub(crate) use self::upstream::TestUpstream;
pub(crate) use self::wirings::{function, jobs, objects, schedule, wiring};

/// What has not come by then does not come.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct TestSources {
    pub(crate) clock: Arc<SettableClock>,
    pub(crate) sources: EventSources,
    pub(crate) http: reqwest::Client,
    calls: Mutex<UnboundedReceiver<Call>>,
}

/// An answer of the SQS service.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl TestSources {
    pub(crate) async fn start(wiring: &Wiring) -> Self {
        Self::in_front_of(wiring, None).await
    }

    pub(crate) async fn in_front_of(wiring: &Wiring, upstream: Option<&str>) -> Self {
        Self::with(wiring, upstream, &SourceSettings::default()).await
    }

    pub(crate) async fn with(wiring: &Wiring, upstream: Option<&str>, settings: &SourceSettings) -> Self {
        let clock = Arc::new(SettableClock::default());
        let (stage, calls) = Stage::new();
        let bound = BoundEventSources::bind().await.unwrap();
        let sources = bound.start(Arc::new(stage), wiring, upstream, clock.clone(), settings).unwrap();
        Self { clock, sources, http: reqwest::Client::new(), calls: Mutex::new(calls) }
    }

    /// The next call of a function.
    pub(crate) async fn call(&self) -> Call {
        let mut calls = self.calls.lock().await;
        tokio::time::timeout(PATIENCE, calls.recv()).await.expect("nobody calls").unwrap()
    }

    /// Calls an action of SQS.
    pub(crate) async fn sqs(&self, action: &str, body: Value) -> Answer {
        let request = self.http.post(self.sources.sqs_url()).body(body.to_string());
        let request = request.header("x-amz-target", format!("AmazonSQS.{action}"));
        let response = request.header("content-type", "application/x-amz-json-1.0").send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Answer { status, headers, body: response.json().await.unwrap() }
    }

    /// Sends texts, in order.
    pub(crate) async fn send(&self, queue: &str, texts: &[&str]) {
        for text in texts {
            let body = json!({ "QueueUrl": self.sources.queue_url(queue), "MessageBody": text });
            assert_eq!(self.sqs("SendMessage", body).await.status, 200);
        }
    }

    /// Calls the control endpoint; answers status and body.
    pub(crate) async fn control(&self, method: &str, path: &str) -> (u16, Value) {
        let url = format!("{}/_local/{path}", self.sources.sqs_url());
        let response = self.http.request(method.parse().unwrap(), url).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap_or_default())
    }

    /// Waits until a queue has so many messages, wherever they are.
    pub(crate) async fn holds(&self, queue: &str, messages: usize) {
        let queues = self.sources.queues();
        let holds = async {
            while queues.list(queue).unwrap().len() != messages {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, holds).await.expect("the queue's messages stay as many as they are");
    }
}
