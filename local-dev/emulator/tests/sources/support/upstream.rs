//! An S3 server that answers as the test says.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Response};
use emulator::listener::{Listener, ServerLimits};
use tokio_util::sync::CancellationToken;

/// A request as it arrived.
#[derive(Debug)]
pub(crate) struct Passed {
    pub(crate) method: String,
    pub(crate) uri: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// Answers requests from a list, in order, and keeps them.
#[derive(Debug, Clone, Default)]
pub(crate) struct TestUpstream {
    answers: Arc<Mutex<VecDeque<Response<Body>>>>,
    passed: Arc<Mutex<Vec<Passed>>>,
}

impl TestUpstream {
    /// Starts one; answers its URL, too.
    pub(crate) async fn start() -> (Self, String) {
        let upstream = Self::default();
        let listener = Listener::bind("127.0.0.1", 0).await.unwrap();
        let url = format!("http://127.0.0.1:{}", listener.port());
        let router = Router::new().fallback(answer).with_state(upstream.clone());
        tokio::spawn(listener.serve(router, ServerLimits::default(), CancellationToken::new()));
        (upstream, url)
    }

    /// What it answers to the next request that has no answer yet.
    pub(crate) fn answers(&self, status: u16, headers: &[(&str, &str)], body: &str) {
        let mut response = Response::builder().status(status);
        for (name, value) in headers {
            response = response.header(*name, *value);
        }
        self.answers.lock().unwrap().push_back(response.body(Body::from(body.to_owned())).unwrap());
    }

    /// The last request.
    pub(crate) fn last(&self) -> Passed {
        self.passed.lock().unwrap().pop().unwrap()
    }
}

async fn answer(State(upstream): State<TestUpstream>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let (method, uri) = (parts.method.to_string(), parts.uri.to_string());
    upstream.passed.lock().unwrap().push(Passed { method, uri, headers: parts.headers, body });
    upstream.answers.lock().unwrap().pop_front().expect("there is an answer for each request")
}
