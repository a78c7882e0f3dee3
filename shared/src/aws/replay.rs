//! For the tests of the adapters: SDK clients whose requests are answered from a list, and whose time and chance are
//! under control.

use std::sync::Mutex;

use async_trait::async_trait;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region, retry::RetryConfig};
use aws_sdk_s3::config::http::HttpRequest;
use aws_sdk_s3::primitives::SdkBody;
use aws_smithy_http_client::test_util::{ReplayEvent, StaticReplayClient};
use axum::http::{Request, Response};
use serde_json::Value;

use crate::ports::{Clock, Random};
use crate::protocol::Timestamp;

/// An answer: its status, headers and body.
pub(crate) fn answer(status: u16, headers: &[(&str, &str)], body: impl Into<String>) -> ReplayEvent {
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    let request = Request::builder().uri("https://unused.test").body(SdkBody::empty()).unwrap();
    ReplayEvent::new(request, response.body(SdkBody::from(body.into())).unwrap())
}

/// An answer in JSON, as DynamoDB and SQS give it.
pub(crate) fn json_answer(status: u16, body: &Value) -> ReplayEvent {
    answer(status, &[("content-type", "application/x-amz-json-1.0")], body.to_string())
}

/// What the SDK clients under test are made from; `answers` in the order of the requests.
pub(crate) fn sdk_config(answers: Vec<ReplayEvent>) -> (StaticReplayClient, aws_types::SdkConfig) {
    let http = StaticReplayClient::new(answers);
    let credentials = Credentials::new("AKIDEXAMPLE", "secret", None, None, "test");
    let config = aws_types::SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-central-1"))
        .credentials_provider(aws_sdk_dynamodb::config::SharedCredentialsProvider::new(credentials))
        .retry_config(RetryConfig::disabled())
        .http_client(http.clone())
        .build();
    (http, config)
}

/// The body of a request, as text.
pub(crate) fn body(request: &HttpRequest) -> String {
    String::from_utf8(request.body().bytes().unwrap_or_default().to_vec()).unwrap()
}

/// The bodies of all requests that were made, as JSON.
pub(crate) fn json_bodies(http: &StaticReplayClient) -> Vec<Value> {
    http.actual_requests().map(|request| serde_json::from_str(&body(request)).unwrap()).collect()
}

/// A clock that stands still, but for those who wait: for them it jumps to when they want to go on.
#[derive(Debug)]
pub(crate) struct JumpingClock(Mutex<Timestamp>);

impl Default for JumpingClock {
    fn default() -> Self {
        Self(Mutex::new(Timestamp::from_secs(1_800_000_000)))
    }
}

impl JumpingClock {
    /// Sets the clock forward.
    pub(crate) fn advance(&self, duration: std::time::Duration) {
        let mut now = self.0.lock().unwrap();
        *now = now.plus(duration);
    }
}

#[async_trait]
impl Clock for JumpingClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }

    async fn sleep_until(&self, moment: Timestamp) {
        let mut now = self.0.lock().unwrap();
        *now = moment.max(*now);
    }
}

/// Chance that always falls the same way.
#[derive(Debug)]
pub(crate) struct ConstantRandom(pub(crate) u8);

impl Random for ConstantRandom {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(self.0);
    }
}
