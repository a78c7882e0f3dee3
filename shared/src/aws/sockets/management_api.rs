//! API Gateway's `@connections`: writing to sockets and ending them.

use std::error::Error as StdError;
use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_apigatewaymanagement::Client;
use aws_sdk_apigatewaymanagement::config::Builder;
use aws_sdk_apigatewaymanagement::error::SdkError;
use aws_sdk_apigatewaymanagement::primitives::Blob;
use aws_types::SdkConfig;

use crate::aws::signed_posts::SignedPosts;
use crate::ids::ConnectionId;
use crate::ports::{Absent, Cause, Clock};
use crate::protocol::Frame;

/// What became of a request about one socket.
#[derive(Debug)]
pub enum Posted {
    /// It is done.
    Sent,
    /// There is no such socket: not any more, or not yet.
    Gone,
    /// Not now: too many requests, a socket that does not drain, or no answer.
    Busy,
    /// Not like this, however often: no permission, or the wrong endpoint.
    Failed(Cause),
}

/// What the layer of sockets stands on: one socket at a time.
#[async_trait]
pub trait Post: Debug + Send + Sync {
    /// Writes to a socket.
    async fn post(&self, id: &ConnectionId, frame: &Frame) -> Posted;

    /// Ends a socket.
    async fn delete(&self, id: &ConnectionId) -> Posted;
}

#[async_trait]
impl Post for Absent {
    async fn post(&self, _: &ConnectionId, _: &Frame) -> Posted {
        Posted::Failed("no sockets provided".into())
    }

    async fn delete(&self, _: &ConnectionId) -> Posted {
        Posted::Failed("no sockets provided".into())
    }
}

/// The sockets of a WebSocket API.
#[derive(Debug, Clone)]
pub struct ManagementApi {
    client: Client,
    posts: Option<SignedPosts>,
}

impl ManagementApi {
    /// The API whose `/@connections/…` is under this URL. The configuration should not repeat requests: a socket that
    /// does not drain would hold up all others.
    pub fn new(sdk: &SdkConfig, callback_url: &str, clock: Arc<dyn Clock>) -> Self {
        let beside = SignedPosts::beside(sdk, callback_url, clock);
        let config = Builder::from(beside.as_ref().map_or(sdk, |(_, sdk)| sdk)).endpoint_url(callback_url);
        Self { client: Client::from_conf(config.build()), posts: beside.map(|(posts, _)| posts) }
    }

    async fn post_by_sdk(&self, id: &ConnectionId, frame: &Frame) -> Posted {
        let request = self.client.post_to_connection().connection_id(id.as_str());
        posted(request.data(Blob::new(frame.as_str())).send().await)
    }
}

/// What an operation of the SDK came to.
fn posted<T, E: StdError + Send + Sync + 'static>(outcome: Result<T, SdkError<E>>) -> Posted {
    match outcome {
        Ok(_) => Posted::Sent,
        Err(SdkError::ConstructionFailure(cause)) => {
            Posted::Failed(Box::new(SdkError::<E>::ConstructionFailure(cause)))
        }
        Err(error) => judged(error.raw_response().map(|response| response.status().as_u16())),
    }
}

/// Judged by the status: errors have come without the header that names them. None is no answer.
fn judged(status: Option<u16>) -> Posted {
    match status {
        Some(200..300) => Posted::Sent,
        // 400 is the answer to a name that API Gateway would never give.
        Some(410 | 400) => Posted::Gone,
        None | Some(429 | 500..) => Posted::Busy,
        Some(status) => Posted::Failed(format!("@connections answers with the status {status}").into()),
    }
}

#[async_trait]
impl Post for ManagementApi {
    /// The first one is made by the SDK, in a function when it warms up: its connections carry the others.
    async fn post(&self, id: &ConnectionId, frame: &Frame) -> Posted {
        let short = self.posts.as_ref().and_then(|posts| Some((posts, posts.connector()?)));
        let Some((posts, connector)) = short else {
            return self.post_by_sdk(id, frame).await;
        };
        posts.post(connector, id, frame).await.map_or_else(Posted::Failed, judged)
    }

    async fn delete(&self, id: &ConnectionId) -> Posted {
        posted(self.client.delete_connection().connection_id(id.as_str()).send().await)
    }
}

#[cfg(test)]
mod tests {
    use aws_smithy_http_client::test_util::StaticReplayClient;

    use super::*;
    use crate::aws::replay::{JumpingClock, answer, body, sdk_config};

    fn api(status: u16, headers: &[(&str, &str)]) -> (StaticReplayClient, ManagementApi) {
        let answer = || answer(status, headers, "");
        let (http, sdk) = sdk_config(vec![answer(), answer()]);
        (http, ManagementApi::new(&sdk, "https://api.test/prod", Arc::new(JumpingClock::default())))
    }

    fn socket() -> ConnectionId {
        "TXzPWdnOjoECGjA=".parse().unwrap()
    }

    fn frame() -> Frame {
        Frame::new("hi \"you\" é").unwrap()
    }

    /// What becomes of the first post, which the SDK makes, and of one that follows.
    async fn posts_answered(status: u16, headers: &[(&str, &str)]) -> [Posted; 2] {
        let (http, api) = api(status, headers);
        let posted = [api.post(&socket(), &frame()).await, api.post(&socket(), &frame()).await];
        assert_eq!(http.actual_requests().count(), 2, "none is repeated");
        posted
    }

    #[tokio::test]
    async fn a_frame_is_posted_as_it_is_and_signed_whoever_makes_the_request() {
        let (http, api) = api(200, &[]);
        for _ in 0..2 {
            let posted = api.post(&socket(), &frame()).await;
            assert!(matches!(posted, Posted::Sent), "{posted:?}");
        }
        let requests: Vec<_> = http.actual_requests().collect();
        assert_eq!(requests.len(), 2);
        for request in &requests {
            assert_eq!(request.method(), "POST");
            assert_eq!(request.uri(), "https://api.test/prod/@connections/TXzPWdnOjoECGjA%3D");
            assert_eq!(request.headers().get("content-type"), Some("application/octet-stream"));
            assert_eq!(body(request), "hi \"you\" é");
            let authorization = request.headers().get("authorization").unwrap();
            assert!(authorization.starts_with("AWS4-HMAC-SHA256 "), "{authorization}");
            assert!(authorization.contains("/eu-central-1/execute-api/"), "{authorization}");
            assert!(request.headers().get("x-amz-date").is_some());
        }
        let by_sdk = |place: usize| requests[place].headers().get("amz-sdk-request").is_some();
        assert_eq!([by_sdk(0), by_sdk(1)], [true, false]);
    }

    #[tokio::test]
    async fn a_socket_is_ended_by_a_delete() {
        let (http, api) = api(204, &[]);
        assert!(matches!(api.delete(&socket()).await, Posted::Sent));
        assert_eq!(http.actual_requests().next().unwrap().method(), "DELETE");
    }

    #[tokio::test]
    async fn a_410_means_gone_with_and_without_the_header_that_says_so() {
        for headers in [&[("x-amzn-errortype", "GoneException")][..], &[]] {
            let posted = posts_answered(410, headers).await;
            assert!(matches!(posted, [Posted::Gone, Posted::Gone]), "{posted:?}");
        }
    }

    #[tokio::test]
    async fn a_429_and_faults_of_the_server_mean_busy_and_are_not_repeated_here() {
        for status in [429, 500, 503, 504] {
            let posted = posts_answered(status, &[("x-amzn-errortype", "LimitExceededException")]).await;
            assert!(matches!(posted, [Posted::Busy, Posted::Busy]), "{status}: {posted:?}");
        }
    }

    #[tokio::test]
    async fn a_403_is_a_failure_that_no_repetition_mends() {
        let posted = posts_answered(403, &[("x-amzn-errortype", "ForbiddenException")]).await;
        assert!(matches!(posted, [Posted::Failed(_), Posted::Failed(_)]), "{posted:?}");
    }
}
