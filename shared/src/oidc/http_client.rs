//! Requests to providers: one at a time, bounded in time and size, never redirected, over TLS with the system's certificates.

use std::io;
use std::pin::Pin;
use std::time::Duration;

use axum::http::header::{ACCEPT, CACHE_CONTROL};
use axum::http::{HeaderMap, Request, Response, StatusCode};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use openidconnect::AsyncHttpClient;
use rustls::crypto::ring;
use serde::de::DeserializeOwned;
use tokio::sync::OnceCell;

use crate::ports::{Cause, IdentityError};

/// How long a provider may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// The largest answer, in bytes. Key sets are a few thousand.
const MAX_ANSWER: usize = 256 * 1024;

type Tls = Client<HttpsConnector<HttpConnector>, Full<Bytes>>;

/// Why there is no answer. Says nothing of the request, which holds secrets.
#[derive(Debug, thiserror::Error)]
pub(super) enum HttpFailure {
    #[error("the system's certificates cannot be read")]
    Certificates(#[source] io::Error),
    #[error("no answer within {} s", PATIENCE.as_secs())]
    Late,
    #[error("no connection")]
    Unreachable(#[source] hyper_util::client::legacy::Error),
    #[error("the answer breaks off, or is too long")]
    Body(#[source] Cause),
    #[error("the answer is {0}")]
    Status(StatusCode),
    #[error("the answer makes no sense")]
    Nonsense,
}

impl From<HttpFailure> for IdentityError {
    fn from(failure: HttpFailure) -> Self {
        Self::Unavailable(Box::new(failure))
    }
}

/// Makes requests. Connections are not kept: requests are rare, and a function that was frozen finds its own dead.
#[derive(Default)]
pub(super) struct HttpClient {
    /// Made at the first request: to read the certificates takes milliseconds.
    tls: OnceCell<Tls>,
}

impl std::fmt::Debug for HttpClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HttpClient").finish_non_exhaustive()
    }
}

impl HttpClient {
    /// Sends a request; answers whatever status came.
    pub(super) async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, HttpFailure> {
        let client = self.tls.get_or_try_init(async || client()).await.map_err(HttpFailure::Certificates)?;
        let request = request.map(|body| Full::new(Bytes::from(body)));
        let exchange = async {
            let response = client.request(request).await.map_err(HttpFailure::Unreachable)?;
            let (head, body) = response.into_parts();
            let body = Limited::new(body, MAX_ANSWER).collect().await.map_err(HttpFailure::Body)?;
            Ok(Response::from_parts(head, body.to_bytes().into()))
        };
        tokio::time::timeout(PATIENCE, exchange).await.unwrap_or(Err(HttpFailure::Late))
    }

    /// The JSON at a URL, and for how long it may be kept, if the answer says.
    pub(super) async fn get<T: DeserializeOwned>(
        &self,
        url: &str,
    ) -> Result<(T, Option<Duration>), HttpFailure> {
        let request = Request::get(url).header(ACCEPT, "application/json").body(Vec::new());
        let response = self.send(request.map_err(|_| HttpFailure::Nonsense)?).await?;
        if response.status() != StatusCode::OK {
            return Err(HttpFailure::Status(response.status()));
        }
        // What a parser complains of may be a part of the body.
        let value = serde_json::from_slice(response.body()).map_err(|_| HttpFailure::Nonsense)?;
        Ok((value, max_age(response.headers())))
    }
}

/// For requests that `openidconnect` words.
impl<'c> AsyncHttpClient<'c> for HttpClient {
    type Error = HttpFailure;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Vec<u8>>, HttpFailure>> + Send + 'c>>;

    fn call(&'c self, request: Request<Vec<u8>>) -> Self::Future {
        Box::pin(self.send(request))
    }
}

fn client() -> io::Result<Tls> {
    let connector = HttpsConnectorBuilder::new().with_provider_and_native_roots(ring::default_provider())?;
    let connector = connector.https_or_http().enable_http1().build();
    Ok(Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(connector))
}

fn max_age(headers: &HeaderMap) -> Option<Duration> {
    let directives = headers.get_all(CACHE_CONTROL).iter().filter_map(|value| value.to_str().ok());
    let mut directives = directives.flat_map(|value| value.split(',')).map(str::trim);
    let seconds = directives.find_map(|directive| directive.strip_prefix("max-age="))?;
    seconds.parse().ok().map(Duration::from_secs)
}
