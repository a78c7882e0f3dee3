//! Functions that somebody else runs: `cargo lambda watch`, or whatever else answers Lambda's own `Invoke`.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use axum::http::{Request, Response, StatusCode, Uri, header};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use super::{Failure, Function, InvokeError, Invoker};

/// No function may take longer on AWS. It is not the function's own limit: a first call may have to wait for a compiler.
const LONGEST: Duration = Duration::from_secs(900);

/// Invokes functions over HTTP: `POST <endpoint>/2015-03-31/functions/<name>/invocations`.
#[derive(Debug)]
pub struct RemoteFunctions {
    endpoint: String,
    client: Client<HttpConnector, Full<Bytes>>,
    functions: BTreeMap<String, Function>,
    /// Functions that are spelled otherwise there than in the template.
    spelled: Mutex<BTreeMap<String, String>>,
}

impl RemoteFunctions {
    /// These functions, at an `http` URL.
    pub fn new(endpoint: &str, functions: BTreeMap<String, Function>) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let client = Client::builder(TokioExecutor::new()).build(connector);
        let endpoint = endpoint.trim_end_matches('/').to_owned();
        Self { endpoint, client, functions, spelled: Mutex::default() }
    }

    async fn call(&self, function: &str, event: Bytes) -> Result<Bytes, InvokeError> {
        let uri = format!("{}/2015-03-31/functions/{function}/invocations", self.endpoint);
        let uri = uri.parse().map_err(|_| InvokeError::NoSuchFunction(function.to_owned()))?;
        let answer = tokio::time::timeout(LONGEST, self.answer(uri, event)).await;
        let (response, body) = answer.map_err(|_| InvokeError::TimedOut)??;
        let failed = response.headers().contains_key("x-amz-function-error");
        match response.status() {
            status if status.is_success() && !failed => Ok(body),
            StatusCode::NOT_FOUND => Err(InvokeError::NoSuchFunction(function.to_owned())),
            status => Err(InvokeError::Failed(failure(status, &body))),
        }
    }

    fn spelled(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        self.spelled.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn answer(&self, uri: Uri, event: Bytes) -> Result<(Response<()>, Bytes), InvokeError> {
        let request = Request::post(uri).header(header::CONTENT_TYPE, "application/json");
        let request = request.body(Full::new(event)).map_err(unreachable)?;
        let (parts, body) = self.client.request(request).await.map_err(unreachable)?.into_parts();
        let body = Incoming::collect(body).await.map_err(unreachable)?.to_bytes();
        Ok((Response::from_parts(parts, ()), body))
    }
}

#[async_trait]
impl Invoker for RemoteFunctions {
    async fn invoke(&self, function: &str, event: Bytes) -> Result<Bytes, InvokeError> {
        let known = self.spelled().get(function).cloned();
        if let Some(name) = known {
            return self.call(&name, event).await;
        }
        let others = self.functions.get(function).map(|function| &function.names[..]).unwrap_or_default();
        for name in [function].into_iter().chain(others.iter().map(String::as_str)) {
            match self.call(name, event.clone()).await {
                Err(InvokeError::NoSuchFunction(_)) => {}
                Err(unknown @ InvokeError::Unreachable(_)) => return Err(unknown),
                answer => {
                    self.spelled().insert(function.to_owned(), name.to_owned());
                    return answer;
                }
            }
        }
        Err(InvokeError::NoSuchFunction(function.to_owned()))
    }
}

/// What the function said, or what was said in its place.
fn failure(status: StatusCode, body: &[u8]) -> Failure {
    serde_json::from_slice(body).unwrap_or_else(|_| Failure {
        error_type: format!("Http.{}", status.as_u16()),
        error_message: String::from_utf8_lossy(body).into_owned(),
    })
}

fn unreachable(error: impl std::error::Error + Send + Sync + 'static) -> InvokeError {
    InvokeError::Unreachable(Box::new(error))
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::response::IntoResponse as _;
    use axum::routing::post;
    use tokio_util::sync::CancellationToken;

    use super::*;
    use crate::listener::{Listener, ServerLimits};

    /// Answers as Lambda does, and as `cargo lambda watch` does.
    async fn functions() -> RemoteFunctions {
        let failure = r#"{"errorType":"Oops","errorMessage":"no","stackTrace":[]}"#;
        let at = |name: &str| format!("/2015-03-31/functions/{name}/invocations");
        let routes = Router::new()
            .route(&at("echo"), post(|body: Bytes| async { body }))
            .route(
                &at("lambda"),
                post(move || async move { ([("x-amz-function-error", "Unhandled")], failure) }),
            )
            .route(&at("watch"), post(move || async move { (StatusCode::INTERNAL_SERVER_ERROR, failure) }))
            .route(&at("broken"), post(|| async { (StatusCode::BAD_GATEWAY, "broken").into_response() }));
        let listener = Listener::bind("127.0.0.1", 0).await.unwrap();
        let endpoint = format!("http://127.0.0.1:{}/", listener.port());
        tokio::spawn(listener.serve(routes, ServerLimits::default(), CancellationToken::new()));
        let also = Function { names: vec!["nobody".to_owned(), "echo".to_owned()], ..Function::default() };
        RemoteFunctions::new(&endpoint, [("Echo".to_owned(), also)].into())
    }

    #[tokio::test]
    async fn an_event_goes_there_and_an_answer_comes_back() {
        let answer = functions().await.invoke("echo", "[1]".into()).await;
        assert_eq!(answer.unwrap(), "[1]");
    }

    #[tokio::test]
    async fn a_function_may_be_spelled_otherwise_there() {
        let functions = functions().await;
        for _ in 0..2 {
            assert_eq!(functions.invoke("Echo", "7".into()).await.unwrap(), "7");
        }
    }

    #[tokio::test]
    async fn failures_are_told_in_either_way() {
        let functions = functions().await;
        let table = [("lambda", "Oops", "no"), ("watch", "Oops", "no"), ("broken", "Http.502", "broken")];
        for (name, kind, message) in table {
            let Err(InvokeError::Failed(failure)) = functions.invoke(name, "{}".into()).await else {
                panic!("{name} should have failed");
            };
            assert_eq!((&*failure.error_type, &*failure.error_message), (kind, message));
        }
    }

    #[tokio::test]
    async fn a_function_that_is_not_there_is_no_function_and_nobody_there_is_unreachable() {
        let answer = functions().await.invoke("none", "{}".into()).await;
        assert!(matches!(answer, Err(InvokeError::NoSuchFunction(name)) if name == "none"));
        let unused = Listener::bind("127.0.0.1", 0).await.unwrap().port();
        let nobody = RemoteFunctions::new(&format!("http://127.0.0.1:{unused}"), BTreeMap::new());
        assert!(matches!(nobody.invoke("echo", "{}".into()).await, Err(InvokeError::Unreachable(_))));
    }
}
