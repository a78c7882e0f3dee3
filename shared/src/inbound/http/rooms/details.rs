//! A room in detail: seen, changed, closed.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::bodies::details;
use super::create::entry_mode;
use super::fields::{Loose, RoomName, read, room_of_path, truth};
use crate::app::{self, App};
use crate::domain::rooms::{Retention, SettingsChange, WhoMayQueue};
use crate::ids::{EventId, RoomCode, UserId};
use crate::inbound::http::error::HttpError;
use crate::inbound::http::input::Input;
use crate::inbound::http::signed_in::SignedIn;
use crate::openapi_macros::{self, ToSchema};
use crate::protocol::{RoomBody, StatusBody};

/// Shows a room: to members and applicants; a public one to everybody who is signed in.
#[openapi_macros::path(
    get, path = "/api/rooms/{code}/", operation_id = "show_room", tag = "Rooms",
    params(("code" = String, Path, description = "The room's code")),
    responses(
        (status = 200, description = "The room", body = RoomBody),
        (status = 403, description = "`NOT_APPROVED`, `BANNED`"),
        (status = 404, description = "`NO_SUCH_ROOM`"),
        (status = 410, description = "`ROOM_CLOSED`"),
    ),
)]
pub(in crate::inbound::http) async fn show(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Path(code): Path<String>,
) -> Result<Json<RoomBody>, HttpError> {
    body(&app, identity.user, &room_of_path(&code)?, None).await
}

/// Shows a room, as another call does.
///
/// The same as `GET /api/rooms/{code}/`, for clients that know this one.
#[openapi_macros::path(
    get, path = "/api/rooms/{code}/detail/", operation_id = "show_room_by_its_other_name", tag = "Rooms",
    params(("code" = String, Path, description = "The room's code")),
    responses(
        (status = 200, description = "The room", body = RoomBody),
        (status = 403, description = "`NOT_APPROVED`, `BANNED`"),
        (status = 404, description = "`NO_SUCH_ROOM`"),
        (status = 410, description = "`ROOM_CLOSED`"),
    ),
)]
pub(in crate::inbound::http) async fn show_by_its_other_name(
    app: State<Arc<App>>,
    signed_in: SignedIn,
    code: Path<String>,
) -> Result<Json<RoomBody>, HttpError> {
    show(app, signed_in, code).await
}

async fn body(
    app: &App,
    user: UserId,
    code: &RoomCode,
    generated: Option<String>,
) -> Result<Json<RoomBody>, HttpError> {
    let room = app::room_details(app, user, code).await?;
    let last_id = if room.standing.is_member() { app::last_id(app, code).await? } else { EventId::default() };
    Ok(Json(details(room, last_id, generated)))
}

#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"slow_mode_seconds": 5}))]
pub(in crate::inbound::http) struct ChangeInput {
    /// The room's name.
    name: Option<String>,
    /// What it is about.
    description: Option<String>,
    /// Whether it is kept off the public list.
    is_private: Option<Loose>,
    /// `OPEN`, `PASSWORD` or `APPROVAL`. Members and invitations stay.
    entry_mode: Option<Loose>,
    /// The password of entry mode `PASSWORD`.
    password: Option<String>,
    /// Whether messages are taken.
    is_chat_enabled: Option<Loose>,
    /// Whether nobody new gets in.
    is_locked: Option<Loose>,
    /// How many members there may be; null for any number.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<u32>)]
    capacity: Option<Value>,
    /// The pause between one person's messages, 0 to 3600 seconds.
    slow_mode_seconds: Option<Loose>,
    /// How long messages are kept: `{days?, messages?}`; null for ever.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<Object>)]
    retention: Option<Value>,
    /// Who may add to the queue: `HOST` or `MEMBERS`.
    who_may_queue: Option<Loose>,
    /// Whether playing waits until everybody is ready.
    ready_gate: Option<Loose>,
    /// Whether what has been watched comes last in the queue again.
    loop_queue: Option<Loose>,
    /// Whether other programs are told what happens here, if an admin has set any up.
    webhooks: Option<Loose>,
}

/// A field that was sent as null is told from one that wasn't sent.
fn sent<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// Changes a room: for host and co-hosts.
///
/// What is left out stays as it is. A generated password is told this once.
#[openapi_macros::path(
    patch, path = "/api/rooms/{code}/", operation_id = "change_room", tag = "Rooms", request_body = ChangeInput,
    params(("code" = String, Path, description = "The room's code")),
    responses(
        (status = 200, description = "The room as it is now", body = RoomBody),
        (status = 403, description = "`HOST_ONLY`, `NOT_APPROVED`"),
        (status = 404, description = "`NO_SUCH_ROOM`"),
        (status = 410, description = "`ROOM_CLOSED`"),
    ),
)]
pub(in crate::inbound::http) async fn change(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Path(code): Path<String>,
    Input(input): Input<ChangeInput>,
) -> Result<Json<RoomBody>, HttpError> {
    let code = room_of_path(&code)?;
    let made = app::change_room(&app, identity.user, &code, &settings(input)?).await?;
    body(&app, identity.user, &code, made.generated_password).await
}

fn settings(input: ChangeInput) -> Result<SettingsChange, HttpError> {
    Ok(SettingsChange {
        name: input.name,
        description: input.description,
        is_private: truth("is_private", input.is_private.as_ref())?,
        entry_mode: entry_mode(input.entry_mode.as_ref())?,
        password: input.password,
        is_chat_enabled: truth("is_chat_enabled", input.is_chat_enabled.as_ref())?,
        is_locked: truth("is_locked", input.is_locked.as_ref())?,
        capacity: input.capacity.map(capacity).transpose()?,
        slow_mode_seconds: read("slow_mode_seconds", input.slow_mode_seconds.as_ref())?,
        retention: input.retention.map(retention).transpose()?,
        who_may_queue: who_may_queue(input.who_may_queue.as_ref())?,
        ready_gate: truth("ready_gate", input.ready_gate.as_ref())?,
        loop_queue: truth("loop_queue", input.loop_queue.as_ref())?,
        webhooks: truth("webhooks", input.webhooks.as_ref())?,
    })
}

fn capacity(value: Value) -> Result<Option<u32>, HttpError> {
    let loose: Loose =
        serde_json::from_value(value).map_err(|_| HttpError::field("capacity", "A number."))?;
    read("capacity", Some(&loose))
}

fn retention(value: Value) -> Result<Option<Retention>, HttpError> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) if text.is_empty() => Ok(None),
        value => serde_json::from_value(value)
            .map(Some)
            .map_err(|_| HttpError::field("retention", "An object with days and messages, or null.")),
    }
}

fn who_may_queue(value: Option<&Loose>) -> Result<Option<WhoMayQueue>, HttpError> {
    let name: Option<String> = read("who_may_queue", value)?;
    match name.map(|name| name.to_ascii_uppercase()).as_deref() {
        None => Ok(None),
        Some("HOST") => Ok(Some(WhoMayQueue::Host)),
        Some("MEMBERS") => Ok(Some(WhoMayQueue::Members)),
        Some(_) => Err(HttpError::field("who_may_queue", "HOST or MEMBERS.")),
    }
}

/// Closes a room for good: for its host.
///
/// Everybody in it is told (`ROOM_DELETED`), then their sockets are closed. Its code stays taken.
#[openapi_macros::path(
    delete, path = "/api/rooms/{code}/", operation_id = "close_room", tag = "Rooms",
    params(("code" = String, Path, description = "The room's code")),
    responses(
        (status = 200, description = "It is closed", body = StatusBody),
        (status = 403, description = "`HOST_ONLY`, `NOT_APPROVED`"),
        (status = 404, description = "`NO_SUCH_ROOM`"),
        (status = 410, description = "`ROOM_CLOSED`"),
    ),
)]
pub(in crate::inbound::http) async fn close(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Path(code): Path<String>,
) -> Result<Json<StatusBody>, HttpError> {
    app::close_room(&app, identity.user, &room_of_path(&code)?).await?;
    Ok(Json(StatusBody { status: "room_deleted" }))
}

/// Closes a room for good, as another call does.
///
/// The same as `DELETE /api/rooms/{code}/`, for clients that know this one.
#[openapi_macros::path(
    post, path = "/api/rooms/delete/", operation_id = "close_room_by_post", tag = "Rooms", request_body = RoomName,
    responses(
        (status = 200, description = "It is closed", body = StatusBody),
        (status = 403, description = "`HOST_ONLY`, `NOT_APPROVED`"),
        (status = 404, description = "`NO_SUCH_ROOM`"),
        (status = 410, description = "`ROOM_CLOSED`"),
    ),
)]
pub(in crate::inbound::http) async fn close_by_post(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Input(room): Input<RoomName>,
) -> Result<Json<StatusBody>, HttpError> {
    app::close_room(&app, identity.user, &room.needed()?).await?;
    Ok(Json(StatusBody { status: "room_deleted" }))
}
