//! What a test in another process asks for: AWS's rare moods on demand, and looks inside.
//!
//! All under `/_local/` of the queues' address, for programs of this machine alone; answers are JSON.
//!
//! | call | what it does |
//! | --- | --- |
//! | `GET /_local/queues/{name}/messages` | lists a queue's messages without receiving them, as `{"messages": […]}` |
//! | `POST /_local/queues/{name}/duplicate?count=N` | the next N messages (1) that are received are received once more |
//! | `POST /_local/queues/{name}/time-out` | ends the visibility timeout of what is in flight: `{"visible": N}` |
//! | `GET /_local/dead-letters` | lists the messages of all queues that others give up to, as `{"NAME": […]}` |
//! | `POST /_local/object-events/duplicate?count=N` | the next N events of buckets (1) are delivered twice |
//! | `POST /_local/object-events/hold` | events of buckets are kept back from now on |
//! | `POST /_local/object-events/release?order=sent` or `reversed` | delivers those, one after the other, and no longer keeps any; `{"released": N}` once the last one's first attempt has ended |
//! | `POST /_local/schedules/{name}/fire` | fires a schedule now |

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, Query, Request, State};
use axum::http::{Response, StatusCode};
use axum::middleware::{self, Next};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::s3::{ObjectEvents, ReleaseOrder};
use super::schedules::{NoSuchSchedule, Schedules};
use super::sqs::{Listed, Queues, SqsError, State as MessageState};
use crate::local_programs::is_of_a_local_program;

/// What can be controlled.
#[derive(Debug, Clone)]
pub(super) struct Control {
    pub(super) queues: Arc<Queues>,
    pub(super) objects: Arc<ObjectEvents>,
    pub(super) schedules: Schedules,
    /// The queues of asynchronous events that were given up on.
    pub(super) failures: BTreeSet<String>,
}

#[derive(Debug, Deserialize)]
struct Count {
    #[serde(default = "one")]
    count: u32,
}

#[derive(Debug, Deserialize)]
struct Release {
    #[serde(default)]
    order: Order,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Order {
    #[default]
    Sent,
    Reversed,
}

/// What was asked for does not exist.
#[derive(Debug)]
struct NotFound(String);

impl Control {
    pub(super) fn router(self) -> Router {
        let calls = Router::new()
            .route("/queues/{name}/messages", get(messages))
            .route("/queues/{name}/duplicate", post(duplicate_message))
            .route("/queues/{name}/time-out", post(time_out))
            .route("/dead-letters", get(dead_letters))
            .route("/object-events/duplicate", post(duplicate_object_event))
            .route("/object-events/hold", post(hold_object_events))
            .route("/object-events/release", post(release_object_events))
            .route("/schedules/{name}/fire", post(fire))
            .layer(middleware::from_fn(only_local_programs))
            .with_state(self);
        Router::new().nest("/_local", calls)
    }

    fn list(&self, queue: &str) -> Result<Vec<Value>, SqsError> {
        Ok(self.queues.list(queue)?.iter().map(shown).collect())
    }

    /// The messages of all queues that others give up to.
    pub(super) fn dead_letters(&self) -> BTreeMap<String, Vec<Value>> {
        let queues = self.queues.dead_letter_queues().into_iter().chain(self.failures.iter().cloned());
        // A queue that isn't there has no messages.
        queues.filter_map(|queue| self.list(&queue).ok().map(|messages| (queue, messages))).collect()
    }
}

async fn messages(
    State(control): State<Control>,
    Path(queue): Path<String>,
) -> Result<Json<Value>, NotFound> {
    Ok(Json(json!({ "messages": control.list(&queue)? })))
}

async fn duplicate_message(
    State(control): State<Control>,
    Path(queue): Path<String>,
    Query(Count { count }): Query<Count>,
) -> Result<Json<Value>, NotFound> {
    control.queues.duplicate_next(&queue, count)?;
    Ok(done())
}

async fn time_out(
    State(control): State<Control>,
    Path(queue): Path<String>,
) -> Result<Json<Value>, NotFound> {
    Ok(Json(json!({ "visible": control.queues.time_out(&queue)? })))
}

async fn dead_letters(State(control): State<Control>) -> Json<Value> {
    Json(json!(control.dead_letters()))
}

async fn duplicate_object_event(
    State(control): State<Control>,
    Query(Count { count }): Query<Count>,
) -> Json<Value> {
    control.objects.duplicate_next(count);
    done()
}

async fn hold_object_events(State(control): State<Control>) -> Json<Value> {
    control.objects.hold();
    done()
}

async fn release_object_events(
    State(control): State<Control>,
    Query(Release { order }): Query<Release>,
) -> Json<Value> {
    let order = match order {
        Order::Sent => ReleaseOrder::Sent,
        Order::Reversed => ReleaseOrder::Reversed,
    };
    Json(json!({ "released": control.objects.release(order).await }))
}

async fn fire(State(control): State<Control>, Path(name): Path<String>) -> Result<Json<Value>, NotFound> {
    control.schedules.fire_now(&name)?;
    Ok(done())
}

async fn only_local_programs(request: Request, next: Next) -> Response<Body> {
    if is_of_a_local_program(&request) {
        next.run(request).await
    } else {
        StatusCode::FORBIDDEN.into_response()
    }
}

fn one() -> u32 {
    1
}

fn done() -> Json<Value> {
    Json(json!({}))
}

/// A message as it lies in its queue.
fn shown(listed: &Listed) -> Value {
    let message = &listed.message;
    let state = match listed.state {
        MessageState::Ready => "ready",
        MessageState::Delayed { .. } => "delayed",
        MessageState::InFlight { .. } => "in-flight",
    };
    json!({
        "messageId": message.id,
        "body": message.sent.body,
        "sentTimestamp": message.sent_at.as_millis(),
        "receiveCount": listed.receive_count,
        "state": state,
        "deadLetterOf": message.dead_letter_of,
    })
}

impl From<SqsError> for NotFound {
    fn from(error: SqsError) -> Self {
        Self(error.to_string())
    }
}

impl From<NoSuchSchedule> for NotFound {
    fn from(error: NoSuchSchedule) -> Self {
        Self(error.to_string())
    }
}

impl IntoResponse for NotFound {
    fn into_response(self) -> Response<Body> {
        (StatusCode::NOT_FOUND, Json(json!({ "message": self.0 }))).into_response()
    }
}
