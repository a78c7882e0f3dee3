//! A server in front of another one, which refuses requests on demand.

use std::sync::{Arc, Mutex, OnceLock};
use std::time::Instant;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, Response, StatusCode, header};
use emulator::listener::{Listener, ServerLimits};
use reqwest::Client;
use tokio::sync::Notify;
use tokio_util::sync::{CancellationToken, DropGuard};

/// The largest body of a request.
const MAX_BODY: usize = 16 << 20;

/// A server that passes on what it is sent, unless it is told otherwise.
pub struct FaultyProxy {
    /// Where it listens, without a slash at the end.
    pub url: String,
    passing: Arc<Passing>,
    _stop: DropGuard,
}

/// A request that came by.
#[derive(Debug, Clone)]
pub struct Seen {
    /// What was asked for: DynamoDB's operation, or the path.
    pub what: String,
    /// What was sent.
    pub body: Bytes,
    /// When it came.
    pub at: Instant,
}

/// What becomes of a request.
pub enum Fate {
    /// It is passed on.
    Pass,
    /// It is answered like that, and nobody else hears of it.
    Refuse(Refused),
    /// It is passed on, but answered like that.
    Lose(Refused),
    /// It is neither passed on nor answered.
    Hold,
}

/// A status, and an error's name, as AWS says both.
#[derive(Debug, Clone, Copy)]
pub struct Refused(pub u16, pub &'static str);

type Judge = Box<dyn FnMut(&Seen) -> Fate + Send>;

struct Passing {
    upstream: OnceLock<String>,
    http: Client,
    judge: Mutex<Judge>,
    seen: Mutex<Vec<Seen>>,
    changed: Notify,
}

impl FaultyProxy {
    /// Starts one that passes everything on, once it knows to whom.
    pub async fn start() -> Self {
        let passing = Arc::new(Passing {
            upstream: OnceLock::new(),
            http: Client::new(),
            judge: Mutex::new(Box::new(|_| Fate::Pass)),
            seen: Mutex::default(),
            changed: Notify::new(),
        });
        let listener = Listener::bind("127.0.0.1", 0).await.unwrap();
        let url = format!("http://127.0.0.1:{}", listener.port());
        let router = Router::new().fallback(come_by).with_state(Arc::clone(&passing));
        let stop = CancellationToken::new();
        tokio::spawn(listener.serve(router, ServerLimits::default(), stop.clone()));
        Self { url, passing, _stop: stop.drop_guard() }
    }

    /// From now on requests go there.
    pub fn lead_to(&self, upstream: &str) {
        self.passing.upstream.set(upstream.to_owned()).unwrap();
    }

    /// From now on this is what becomes of each request.
    pub fn judge(&self, judge: impl FnMut(&Seen) -> Fate + Send + 'static) {
        *self.passing.judge.lock().unwrap() = Box::new(judge);
    }

    /// No more faults.
    pub fn recover(&self) {
        self.judge(|_| Fate::Pass);
    }

    /// All requests so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.passing.seen.lock().unwrap().clone()
    }

    /// Forgets what it has seen: in the long run that is much.
    pub fn forget(&self) {
        self.passing.seen.lock().unwrap().clear();
    }

    /// Waits until this is true of all requests so far.
    pub async fn until(&self, is_so: impl Fn(&[Seen]) -> bool) {
        loop {
            let changed = self.passing.changed.notified();
            if is_so(&self.seen()) {
                return;
            }
            changed.await;
        }
    }
}

async fn come_by(State(passing): State<Arc<Passing>>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, MAX_BODY).await.unwrap();
    let operation =
        parts.headers.get("x-amz-target").and_then(|target| target.to_str().ok()?.split('.').nth(1));
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let what = operation.unwrap_or(path).to_owned();
    let seen = Seen { what, body, at: Instant::now() };
    let fate = (passing.judge.lock().unwrap())(&seen);
    let body = seen.body.clone();
    passing.seen.lock().unwrap().push(seen);
    passing.changed.notify_waiters();
    match fate {
        Fate::Pass => pass(&passing, parts.method, path, parts.headers, body).await,
        Fate::Refuse(refused) => refuse(refused),
        Fate::Lose(refused) => {
            pass(&passing, parts.method, path, parts.headers, body).await;
            refuse(refused)
        }
        Fate::Hold => std::future::pending().await,
    }
}

async fn pass(
    passing: &Passing,
    method: Method,
    path: &str,
    mut headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let upstream = passing.upstream.get().expect("to know where to pass it on");
    headers.remove(header::HOST);
    let request = passing.http.request(method, format!("{upstream}{path}")).headers(headers).body(body);
    let Ok(answer) = request.send().await else {
        return refuse(Refused(502, "BadGateway"));
    };
    let (status, headers) = (answer.status(), answer.headers().clone());
    let mut response = Response::new(Body::from(answer.bytes().await.unwrap()));
    (*response.status_mut(), *response.headers_mut()) = (status, headers);
    response.headers_mut().remove(header::TRANSFER_ENCODING);
    response
}

/// As DynamoDB and API Gateway do it, each in its own way of naming errors.
fn refuse(Refused(status, name): Refused) -> Response<Body> {
    let body = format!(r#"{{"__type":"com.amazonaws.dynamodb.v20120810#{name}","message":"injected"}}"#);
    let response = Response::builder().status(StatusCode::from_u16(status).unwrap());
    let response = response.header(header::CONTENT_TYPE, "application/x-amz-json-1.0");
    response.header("x-amzn-errortype", name).body(Body::from(body)).unwrap()
}
