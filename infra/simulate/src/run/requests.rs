//! Calls over HTTP.

use axum::body::{Body, to_bytes};
use axum::http::{Request as HttpRequest, header};
use serde_json::Value;
use tower::ServiceExt as _;

use super::answers::{Done, Purpose};
use super::simulation::{Simulation, Work, shortened};
use crate::kernel::Happening;

/// A request that is made later.
#[derive(Debug, Clone)]
pub(super) struct Request {
    pub(super) person: usize,
    pub(super) method: &'static str,
    pub(super) path: String,
    pub(super) body: Option<Value>,
    pub(super) purpose: Purpose,
}

impl Simulation {
    /// Makes a request after so many microseconds.
    pub(super) fn request_after(&mut self, after: i64, request: Request) {
        let number = self.put_off.len();
        self.put_off.push(request);
        self.world.schedule(after, Happening::Asks(number));
    }

    /// Makes the request that was put off under that number.
    pub(super) fn make_request(&mut self, number: usize) {
        if let Some(Request { person, method, path, body, purpose }) = self.put_off.get(number).cloned() {
            self.request(Some(person), (method, &path), body, purpose);
        }
    }

    /// Makes a request.
    pub(super) fn request(
        &mut self,
        person: Option<usize>,
        (method, path): (&str, &str),
        body: Option<Value>,
        purpose: Purpose,
    ) {
        let who = person.map_or_else(|| "a stranger".to_owned(), |person| format!("person {person}"));
        let shown = body.as_ref().map(Value::to_string).unwrap_or_default();
        let label = format!("{method} {path} by {who} {}", shortened(&shown));
        let request = self.http_request(person, method, path, body.as_ref());
        let (task, worker) = self.begin(Work::Http(purpose), label, false);
        let outcomes = self.outcomes.clone();
        self.executor.begin(task, async move {
            let answered = worker.router.oneshot(request).await;
            let Ok(response) = answered;
            let status = response.status().as_u16();
            let body = to_bytes(response.into_body(), usize::MAX).await.unwrap_or_default();
            let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
            outcomes.put(task, Done::Http { status, body });
        });
    }

    /// The same with an answer at once, during which nothing happens.
    pub(super) fn ask(&self, person: usize, path: &str) -> (u16, Value) {
        let request = self.http_request(Some(person), "GET", path, None);
        let Some(worker) = self.workers.first() else { return (0, Value::Null) };
        let router = worker.router.clone();
        self.executor.at_once(async move {
            let Ok(response) = router.oneshot(request).await;
            let status = response.status().as_u16();
            let body = to_bytes(response.into_body(), usize::MAX).await.unwrap_or_default();
            (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
        })
    }

    fn http_request(
        &self,
        person: Option<usize>,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> HttpRequest<Body> {
        let mut request = HttpRequest::builder().method(method).uri(path);
        let clients = self.scene.clients();
        let tokens = person.and_then(|person| clients.people.get(person)?.tokens.clone());
        if let Some(tokens) = tokens {
            let is_even = self.world.now() % 2 == 0;
            let token = if is_even { tokens.access } else { tokens.opaque };
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        request.body(body).unwrap_or_default()
    }
}
