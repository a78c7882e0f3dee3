//! What stands before an S3 server and sees which objects are made.

use std::str::FromStr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::uri::{Authority, PathAndQuery, Scheme};
use axum::http::{HeaderMap, HeaderName, Response, StatusCode, Uri, Version, header};
use axum::response::IntoResponse;
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::sync::oneshot;
use tokio_util::task::TaskTracker;

use super::object_events::ObjectEvents;
use super::object_request::ObjectRequest;
use super::upload_sizes::UploadSizes;

/// What concerns one connection alone, and not the request.
const HOP_BY_HOP: [HeaderName; 5] = [
    header::CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    header::TE,
    header::UPGRADE,
];

/// Passes every request on to an S3 server as it came, `Host` included, so that signatures stay valid; and tells
/// [`ObjectEvents`] of each object that was made, before the answer that says so is complete.
#[derive(Debug)]
pub struct S3Proxy {
    upstream: Authority,
    client: Client<HttpConnector, Body>,
    pub(super) events: Arc<ObjectEvents>,
    pub(super) sizes: UploadSizes,
    /// Requests that make objects: they end even if the client goes meanwhile.
    tasks: TaskTracker,
}

/// The S3 server's URL cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not the URL of an S3 server: http://HOST:PORT is, without a path")]
pub struct BadUpstream(String);

/// The S3 server could not be reached, or broke off.
#[derive(Debug, thiserror::Error)]
pub(super) enum UpstreamError {
    #[error("the request's path cannot be passed on")]
    Path(#[from] axum::http::Error),
    #[error("the S3 server does not answer")]
    Unreachable(#[from] hyper_util::client::legacy::Error),
}

impl S3Proxy {
    /// In proxy of the server at `upstream`: `http://HOST:PORT`.
    pub fn new(upstream: &str, events: Arc<ObjectEvents>) -> Result<Arc<Self>, BadUpstream> {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        Ok(Arc::new(Self {
            upstream: authority(upstream).ok_or_else(|| BadUpstream(upstream.to_owned()))?,
            client: Client::builder(TokioExecutor::new()).build(connector),
            events,
            sizes: UploadSizes::default(),
            tasks: TaskTracker::new(),
        }))
    }

    /// Everything that comes.
    pub fn router(self: Arc<Self>) -> Router {
        Router::new().fallback(pass).with_state(self)
    }

    /// Waits until no object is being made any more.
    pub async fn finish(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// Passes a request on.
    pub(super) async fn forward(&self, mut request: Request) -> Result<Response<Incoming>, UpstreamError> {
        let root = || PathAndQuery::from_static("/");
        let path = request.uri().path_and_query().cloned().unwrap_or_else(root);
        let uri = Uri::builder().scheme(Scheme::HTTP).authority(self.upstream.clone()).path_and_query(path);
        *request.uri_mut() = uri.build()?;
        *request.version_mut() = Version::HTTP_11;
        remove_hop_by_hop(request.headers_mut());
        let mut response = self.client.request(request).await?;
        remove_hop_by_hop(response.headers_mut());
        // How the body is framed is each connection's own business.
        response.headers_mut().remove(header::TRANSFER_ENCODING);
        Ok(response)
    }
}

async fn pass(State(proxy): State<Arc<S3Proxy>>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let made = ObjectRequest::of(&parts);
    let request = Request::from_parts(parts, body);
    let Some(made) = made else {
        return proxy.forward(request).await.map_or_else(no_answer, |response| response.map(Body::new));
    };
    let (answer, answered) = oneshot::channel();
    proxy.tasks.spawn(Arc::clone(&proxy).make(made, request, answer));
    answered.await.unwrap_or_else(|_| StatusCode::BAD_GATEWAY.into_response())
}

/// What a client is told when the server says nothing. SDKs try that again.
pub(super) fn no_answer(error: UpstreamError) -> Response<Body> {
    let source = std::error::Error::source(&error).map(ToString::to_string);
    tracing::warn!(%error, source, "a request to the S3 server failed");
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>ServiceUnavailable</Code><Message>{error}</Message></Error>"
    );
    (StatusCode::SERVICE_UNAVAILABLE, [(header::CONTENT_TYPE, "application/xml")], body).into_response()
}

fn remove_hop_by_hop(headers: &mut HeaderMap) {
    for name in HOP_BY_HOP {
        headers.remove(name);
    }
}

fn authority(url: &str) -> Option<Authority> {
    let uri = Uri::from_str(url).ok()?;
    let is_plain =
        uri.scheme() == Some(&Scheme::HTTP) && matches!(uri.path(), "" | "/") && uri.query().is_none();
    is_plain.then(|| uri.authority().cloned()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_upstream_is_a_host_and_a_port_over_http() {
        assert_eq!(authority("http://127.0.0.1:8014").unwrap(), "127.0.0.1:8014");
        assert_eq!(authority("http://localhost:8014/").unwrap(), "localhost:8014");
        for bad in ["", "127.0.0.1:8014", "https://x", "http://x/path", "http://x/?q"] {
            assert_eq!(authority(bad), None, "{bad}");
        }
    }
}
