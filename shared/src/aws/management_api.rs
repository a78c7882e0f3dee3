//! API Gateway's `@connections`: writing to sockets and ending them.

use std::error::Error as StdError;
use std::fmt::Debug;

use async_trait::async_trait;
use aws_sdk_apigatewaymanagement::Client;
use aws_sdk_apigatewaymanagement::error::SdkError;
use aws_sdk_apigatewaymanagement::primitives::Blob;
use aws_types::SdkConfig;

use crate::ids::ConnectionId;
use crate::ports::Cause;
use crate::protocol::Frame;

/// What became of a request about one socket.
#[derive(Debug)]
pub(crate) enum Posted {
    /// It is done.
    Sent,
    /// There is no such socket: not any more, or not yet.
    Gone,
    /// Not now: too many requests, a socket that does not drain, or no answer.
    Busy,
    /// Not like this, however often: no permission, or the wrong endpoint.
    Failed(Cause),
}

/// One socket at a time.
#[async_trait]
pub(crate) trait Post: Debug + Send + Sync {
    /// Writes to a socket.
    async fn post(&self, id: &ConnectionId, frame: &Frame) -> Posted;

    /// Ends a socket.
    async fn delete(&self, id: &ConnectionId) -> Posted;
}

/// The sockets of a WebSocket API.
#[derive(Debug, Clone)]
pub struct ManagementApi {
    client: Client,
}

impl ManagementApi {
    /// The API whose `/@connections/…` is under this URL. The configuration should not repeat requests: a socket that
    /// does not drain would hold up all others.
    pub fn new(sdk: &SdkConfig, callback_url: &str) -> Self {
        let config =
            aws_sdk_apigatewaymanagement::config::Builder::from(sdk).endpoint_url(callback_url).build();
        Self { client: Client::from_conf(config) }
    }
}

/// Judged by the status: errors have come without the header that names them.
fn posted<T, E: StdError + Send + Sync + 'static>(outcome: Result<T, SdkError<E>>) -> Posted {
    let Err(error) = outcome else {
        return Posted::Sent;
    };
    match error.raw_response().map(|response| response.status().as_u16()) {
        // 400 is the answer to a name that API Gateway would never give.
        Some(410 | 400) => Posted::Gone,
        Some(429 | 500..) => Posted::Busy,
        None if !matches!(error, SdkError::ConstructionFailure(_)) => Posted::Busy,
        _ => Posted::Failed(Box::new(error)),
    }
}

#[async_trait]
impl Post for ManagementApi {
    async fn post(&self, id: &ConnectionId, frame: &Frame) -> Posted {
        let request = self.client.post_to_connection().connection_id(id.as_str());
        posted(request.data(Blob::new(frame.as_str())).send().await)
    }

    async fn delete(&self, id: &ConnectionId) -> Posted {
        posted(self.client.delete_connection().connection_id(id.as_str()).send().await)
    }
}

#[cfg(test)]
mod tests {
    use aws_smithy_http_client::test_util::StaticReplayClient;

    use super::*;
    use crate::aws::replay::{answer, body, sdk_config};

    fn api(status: u16, headers: &[(&str, &str)]) -> (StaticReplayClient, ManagementApi) {
        let (http, sdk) = sdk_config(vec![answer(status, headers, "")]);
        (http, ManagementApi::new(&sdk, "https://api.test/prod"))
    }

    fn socket() -> ConnectionId {
        "TXzPWdnOjoECGjA=".parse().unwrap()
    }

    async fn post_answered(status: u16, headers: &[(&str, &str)]) -> Posted {
        api(status, headers).1.post(&socket(), &Frame::new("hi").unwrap()).await
    }

    #[tokio::test]
    async fn a_frame_is_posted_as_it_is() {
        let (http, api) = api(200, &[]);
        let posted = api.post(&socket(), &Frame::new("hi \"you\" é").unwrap()).await;
        assert!(matches!(posted, Posted::Sent), "{posted:?}");
        let request = http.actual_requests().next().unwrap();
        assert_eq!(request.method(), "POST");
        assert_eq!(request.uri(), "https://api.test/prod/@connections/TXzPWdnOjoECGjA%3D");
        assert_eq!(body(request), "hi \"you\" é");
        let authorization = request.headers().get("authorization").unwrap();
        assert!(authorization.contains("/eu-central-1/execute-api/"), "{authorization}");
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
            let posted = post_answered(410, headers).await;
            assert!(matches!(posted, Posted::Gone), "{posted:?}");
        }
    }

    #[tokio::test]
    async fn a_429_and_faults_of_the_server_mean_busy_and_are_not_repeated_here() {
        for status in [429, 500, 503, 504] {
            let (http, api) = api(status, &[("x-amzn-errortype", "LimitExceededException")]);
            let posted = api.post(&socket(), &Frame::new("hi").unwrap()).await;
            assert!(matches!(posted, Posted::Busy), "{status}: {posted:?}");
            assert_eq!(http.actual_requests().count(), 1);
        }
    }

    #[tokio::test]
    async fn a_403_is_a_failure_that_no_repetition_mends() {
        let posted = post_answered(403, &[("x-amzn-errortype", "ForbiddenException")]).await;
        assert!(matches!(posted, Posted::Failed(_)), "{posted:?}");
    }
}
