//! `/api/rooms/{code}/queue/`: what is watched next.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::choice::ChoiceInput;
use crate::app::{self, App};
use crate::inbound::http::error::HttpError;
use crate::inbound::http::input::Input;
use crate::inbound::http::pages::{PageQuery, page, url};
use crate::inbound::http::rooms::fields::{Loose, room_of_path};
use crate::inbound::http::signed_in::SignedIn;
use crate::openapi_macros::{self, ToSchema};
use crate::protocol::{QueueItem, StatusBody};

/// What is watched next in a room: for its members.
#[openapi_macros::path(
    get, path = "/api/rooms/{code}/queue/", operation_id = "show_queue", tag = "Watching",
    params(("code" = String, Path, description = "The room's code"), PageQuery),
    responses(
        (status = 200, description = "A page; `Link` leads to the next one", body = [QueueItem]),
        (status = 403, description = "`NOT_APPROVED`, `BANNED`"),
        (status = 404, description = "`NO_SUCH_ROOM`"),
        (status = 410, description = "`ROOM_CLOSED`"),
    ),
)]
pub(in crate::inbound::http) async fn list(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Path(code): Path<String>,
    Query(query): Query<PageQuery>,
) -> Result<Response, HttpError> {
    let (code, limit) = (room_of_path(&code)?, query.limit()?);
    let after = query.cursor::<String>()?;
    let (items, next) = app::queue(&app, identity.user, &code, after.as_deref(), limit).await?;
    Ok(page(items, &url(&app, &format!("/api/rooms/{code}/queue/")), &[("limit", limit.to_string())], next))
}

/// Adds something to what is watched next.
///
/// For host and co-hosts, and for members where `who_may_queue` is `MEMBERS`. At most 500 items. The room is told (`QUEUE_UPDATED`).
#[openapi_macros::path(
    post, path = "/api/rooms/{code}/queue/", operation_id = "add_to_queue", tag = "Watching",
    request_body = ChoiceInput, params(("code" = String, Path, description = "The room's code")),
    responses(
        (status = 201, description = "It is the last of the queue", body = QueueItem),
        (status = 403, description = "`HOST_ONLY`, `NOT_APPROVED`"),
        (status = 404, description = "`NO_SUCH_ROOM`"),
        (status = 409, description = "The queue is full (`CONFLICT`)"),
        (status = 410, description = "`ROOM_CLOSED`"),
        (status = 429, description = "`RATE_LIMITED`"),
    ),
)]
pub(in crate::inbound::http) async fn add(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Path(code): Path<String>,
    Input(input): Input<ChoiceInput>,
) -> Result<(StatusCode, Json<QueueItem>), HttpError> {
    let (code, choice) = (room_of_path(&code)?, input.choice()?);
    let item = app::add_to_queue(&app, identity.user, &code, &choice).await?;
    Ok((StatusCode::CREATED, Json(item)))
}

#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"before": "5f0c2a9b11d3"}))]
pub(in crate::inbound::http) struct MoveInput {
    /// Before which item; without it, to the end.
    before: Option<Loose>,
}

/// Moves something within what is watched next: for host and co-hosts.
#[openapi_macros::path(
    patch, path = "/api/rooms/{code}/queue/{item}/", operation_id = "move_in_queue", tag = "Watching",
    request_body = MoveInput,
    params(
        ("code" = String, Path, description = "The room's code"),
        ("item" = String, Path, description = "The item's id"),
    ),
    responses(
        (status = 200, description = "It is there now", body = StatusBody),
        (status = 403, description = "`HOST_ONLY`, `NOT_APPROVED`"),
        (status = 404, description = "`NO_SUCH_ROOM`; there is no such item (`NOT_FOUND`)"),
        (status = 410, description = "`ROOM_CLOSED`"),
        (status = 429, description = "`RATE_LIMITED`"),
    ),
)]
pub(in crate::inbound::http) async fn reorder(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Path((code, item)): Path<(String, String)>,
    Input(input): Input<MoveInput>,
) -> Result<Json<StatusBody>, HttpError> {
    let before = input.before.as_ref().map(|before| before.name("before")).transpose()?.flatten();
    app::move_in_queue(&app, identity.user, &room_of_path(&code)?, &item, before.as_deref()).await?;
    Ok(Json(StatusBody { status: "moved" }))
}

/// Takes something out of what is watched next: for host and co-hosts, and for who added it.
#[openapi_macros::path(
    delete, path = "/api/rooms/{code}/queue/{item}/", operation_id = "remove_from_queue", tag = "Watching",
    params(
        ("code" = String, Path, description = "The room's code"),
        ("item" = String, Path, description = "The item's id"),
    ),
    responses(
        (status = 200, description = "It is out", body = StatusBody),
        (status = 403, description = "`HOST_ONLY`, `NOT_APPROVED`"),
        (status = 404, description = "`NO_SUCH_ROOM`; there is no such item (`NOT_FOUND`)"),
        (status = 410, description = "`ROOM_CLOSED`"),
        (status = 429, description = "`RATE_LIMITED`"),
    ),
)]
pub(in crate::inbound::http) async fn remove(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Path((code, item)): Path<(String, String)>,
) -> Result<Json<StatusBody>, HttpError> {
    app::remove_from_queue(&app, identity.user, &room_of_path(&code)?, &item).await?;
    Ok(Json(StatusBody { status: "removed" }))
}
