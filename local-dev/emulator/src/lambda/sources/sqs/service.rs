//! The service over HTTP: AWS's JSON protocol, version 1.0.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Response, header};
use axum::middleware::{self, Next};
use axum::response::IntoResponse;
use axum::routing::post;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::queues::Queues;
use super::sqs_error::{JSON_1_0, Refusal, SqsError};
use super::{message_actions, queue_actions, receive_actions};
use crate::lambda::sources::names::{ACCOUNT, new_uuid};
use crate::local_programs::is_of_a_local_program;

/// A batch of a mebibyte, each character of it escaped, and its attributes.
const MAX_REQUEST_BYTES: usize = 8 * 1024 * 1024;

/// Queues behind HTTP.
#[derive(Debug, Clone)]
pub struct SqsService {
    pub(super) queues: Arc<Queues>,
    /// Where it is reached: `http://127.0.0.1:PORT`.
    url: Arc<str>,
}

impl SqsService {
    /// These queues, reached at that address.
    pub fn new(queues: Arc<Queues>, url: &str) -> Self {
        Self { queues, url: url.into() }
    }

    /// `POST /`, and `POST` to a queue's own address. Signatures are not verified: any program of this machine may
    /// call, web pages may not.
    pub fn router(self) -> Router {
        Router::new()
            .route("/", post(call))
            .route("/{account}/{queue}", post(call))
            .layer(middleware::from_fn(only_local_programs))
            .with_state(self)
    }

    /// A queue's address.
    pub fn queue_url(&self, name: &str) -> String {
        queue_url(&self.url, name)
    }

    async fn act(&self, action: &str, body: Value) -> Result<Value, SqsError> {
        match action {
            "SendMessage" => message_actions::send(self, parse(body)?),
            "SendMessageBatch" => message_actions::send_batch(self, parse(body)?),
            "ReceiveMessage" => receive_actions::receive(self, parse(body)?).await,
            "DeleteMessage" => receive_actions::delete(self, &parse(body)?),
            "DeleteMessageBatch" => receive_actions::delete_batch(self, parse(body)?),
            "ChangeMessageVisibility" => receive_actions::change_visibility(self, &parse(body)?),
            "ChangeMessageVisibilityBatch" => receive_actions::change_visibility_batch(self, parse(body)?),
            "CreateQueue" => queue_actions::create(self, &parse(body)?),
            "GetQueueUrl" => queue_actions::get_url(self, &parse(body)?),
            "GetQueueAttributes" => queue_actions::get_attributes(self, &parse(body)?),
            "ListQueues" => queue_actions::list(self, &parse(body)?),
            "PurgeQueue" => queue_actions::purge(self, &parse(body)?),
            other => Err(SqsError::new(
                Refusal::InvalidAction,
                format!("The action {other} is not supported here."),
            )),
        }
    }
}

/// A queue's address at a service.
pub(crate) fn queue_url(service: &str, name: &str) -> String {
    format!("{service}/{ACCOUNT}/{name}")
}

async fn call(State(service): State<SqsService>, request: Request) -> Response<Body> {
    let answered = match read(request).await {
        Ok((action, body)) => service.act(&action, body).await,
        Err(error) => Err(error),
    };
    let mut response = match answered {
        Ok(value) => ([(header::CONTENT_TYPE, JSON_1_0)], value.to_string()).into_response(),
        Err(error) => error.into_response(),
    };
    if let Ok(id) = HeaderValue::try_from(new_uuid()) {
        response.headers_mut().insert("x-amzn-requestid", id);
    }
    response
}

/// The action and the parameters.
async fn read(request: Request) -> Result<(String, Value), SqsError> {
    let target = request.headers().get("x-amz-target").and_then(|target| target.to_str().ok());
    let action = target.and_then(|target| target.strip_prefix("AmazonSQS.")).map(str::to_owned);
    let action = action.ok_or_else(|| {
        let message =
            "X-Amz-Target must be AmazonSQS. and an action: only the JSON protocol is supported here.";
        SqsError::new(Refusal::InvalidAction, message)
    })?;
    let malformed = |message: String| SqsError::new(Refusal::Serialization, message);
    let bytes = to_bytes(request.into_body(), MAX_REQUEST_BYTES).await;
    let bytes = bytes.map_err(|_| malformed("The request is too long, or broke off.".to_owned()))?;
    let body = serde_json::from_slice(&bytes).map_err(|error| malformed(error.to_string()))?;
    Ok((action, body))
}

fn parse<T: DeserializeOwned>(body: Value) -> Result<T, SqsError> {
    serde_json::from_value(body).map_err(|error| {
        let text = error.to_string();
        let is_missing = text.starts_with("missing field");
        let kind = if is_missing { Refusal::MissingParameter } else { Refusal::Serialization };
        SqsError::new(kind, text)
    })
}

async fn only_local_programs(request: Request, next: Next) -> Response<Body> {
    if is_of_a_local_program(&request) {
        return next.run(request).await;
    }
    SqsError::new(Refusal::AccessDenied, "Only programs of this machine may call this.").into_response()
}
