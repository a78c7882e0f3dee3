//! One call after another, each over a connection of its own.

use std::error::Error as StdError;
use std::io;

use async_trait::async_trait;
use axum::body::Body;
use axum::http::header::{LOCATION, USER_AGENT};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response};
use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt as _, Full};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use rustls::crypto::ring;
use tokio::sync::OnceCell;

use super::public_connector::PublicConnector;
use crate::domain::outbound::{NotAllowed, Reach, Target};
use crate::ports::{Cause, Outbound, OutboundAnswer, OutboundCall, OutboundError, OutboundMethod};

/// How often one call is sent on.
const MAX_REDIRECTS: usize = 3;
/// The largest head of an answer, in bytes, and how many headers it may have.
const MAX_HEAD: usize = 32 * 1024;
const MAX_HEADERS: usize = 100;
/// Who calls.
const AGENT: &str = concat!("Parlor/", env!("CARGO_PKG_VERSION"));

type Calls = Client<HttpsConnector<PublicConnector>, Full<Bytes>>;

/// The [`Outbound`] port. Connections are not kept: calls of one machine are rare, and a function that was frozen finds
/// its own dead.
pub struct HttpOutbound {
    reach: Reach,
    /// Made at the first call: to read the certificates takes milliseconds.
    client: OnceCell<Calls>,
}

impl std::fmt::Debug for HttpOutbound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HttpOutbound").field("reach", &self.reach).finish_non_exhaustive()
    }
}

#[async_trait]
impl Outbound for HttpOutbound {
    async fn call(&self, call: &OutboundCall) -> Result<OutboundAnswer, OutboundError> {
        tokio::time::timeout(call.within, self.follow(call)).await.unwrap_or(Err(OutboundError::Late))
    }
}

impl HttpOutbound {
    /// Calls that reach so far.
    pub fn new(reach: Reach) -> Self {
        Self { reach, client: OnceCell::new() }
    }

    async fn follow(&self, call: &OutboundCall) -> Result<OutboundAnswer, OutboundError> {
        let mut target = Target::parse(&call.url, self.reach).map_err(OutboundError::NotAllowed)?;
        for _ in 0..=MAX_REDIRECTS {
            let response = self.once(call, &target).await?;
            let Some(location) = sent_on(call.method, &response) else {
                return read(response, &target, call.max_answer).await;
            };
            target = target.redirected(&location, self.reach).map_err(OutboundError::NotAllowed)?;
        }
        Err(OutboundError::NotAllowed(NotAllowed::TooManyRedirects))
    }

    async fn once(&self, call: &OutboundCall, target: &Target) -> Result<Response<Body>, OutboundError> {
        let client = self.client.get_or_try_init(async || client(self.reach)).await;
        let client = client.map_err(|error| OutboundError::Unreachable(error.into()))?;
        let response = client.request(request(call, target)?).await.map_err(|error| failure(error.into()))?;
        Ok(response.map(Body::new))
    }
}

fn client(reach: Reach) -> io::Result<Calls> {
    let connector = HttpsConnectorBuilder::new().with_provider_and_native_roots(ring::default_provider())?;
    let connector = connector.https_or_http().enable_http1().wrap_connector(PublicConnector { reach });
    let mut builder = Client::builder(TokioExecutor::new());
    builder.pool_max_idle_per_host(0).http1_max_buf_size(MAX_HEAD).http1_max_headers(MAX_HEADERS);
    Ok(builder.build(connector))
}

fn request(call: &OutboundCall, target: &Target) -> Result<Request<Full<Bytes>>, OutboundError> {
    let method = match call.method {
        OutboundMethod::Get => Method::GET,
        OutboundMethod::Post => Method::POST,
    };
    let mut request = Request::builder().method(method).uri(target.to_string()).header(USER_AGENT, AGENT);
    for (name, value) in &call.headers {
        request = request.header(*name, value);
    }
    let request = request.body(Full::new(call.body.clone()));
    request.map_err(|_| OutboundError::NotAllowed(NotAllowed::Malformed))
}

/// Where an answer sends a call on to.
fn sent_on<B>(method: OutboundMethod, response: &Response<B>) -> Option<String> {
    let is_redirect = matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
    location.filter(|_| is_redirect && method == OutboundMethod::Get).map(str::to_owned)
}

/// Reads as much of a body as is wanted. One that breaks off is no answer, unless it was long enough already.
async fn read(
    response: Response<Body>,
    target: &Target,
    limit: usize,
) -> Result<OutboundAnswer, OutboundError> {
    let (head, mut body) = response.into_parts();
    let mut read = BytesMut::new();
    while read.len() <= limit {
        let Some(frame) = body.frame().await else { break };
        let frame = frame.map_err(|error| OutboundError::Unreachable(error.into()))?;
        if let Some(data) = frame.data_ref() {
            // One byte more than is wanted shows that there is more.
            read.extend_from_slice(&data[..data.len().min(limit + 1 - read.len())]);
        }
    }
    let is_cut = read.len() > limit;
    read.truncate(limit);
    let (status, headers) = (head.status.as_u16(), texts(&head.headers));
    Ok(OutboundAnswer { status, headers, body: read.freeze(), is_cut, url: target.to_string() })
}

fn texts(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |(name, value): (&HeaderName, &HeaderValue)| {
        Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
    };
    headers.iter().filter_map(text).collect()
}

/// What the connector refused is told apart from what it could not reach.
fn failure(error: Cause) -> OutboundError {
    let refused = {
        let mut causes =
            std::iter::successors(Some(error.as_ref() as &dyn StdError), |&error| error.source());
        causes.find_map(|error| error.downcast_ref::<NotAllowed>().copied())
    };
    match refused {
        Some(refused) => OutboundError::NotAllowed(refused),
        None => OutboundError::Unreachable(error),
    }
}
