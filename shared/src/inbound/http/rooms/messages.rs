//! Messages of a room: said and changed.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use super::fields::{Loose, message_of_path, read, room_of_path, truth};
use super::sending::{MessageInput, author, said};
use crate::app::{self, Amendment, App, AppError, Reader, Words};
use crate::inbound::http::error::HttpError;
use crate::inbound::http::input::Input;
use crate::inbound::http::media::upload_fields::idempotency_key;
use crate::inbound::http::signed_in::SignedIn;
use crate::openapi_macros::{self, ToSchema};
use crate::ports::Identity;
use crate::protocol::{ChatMessage, StatusBody};

/// Says something in a room.
#[openapi_macros::path(
    post, path = "/api/rooms/{code}/messages/", operation_id = "say", tag = "Rooms", request_body = MessageInput,
    params(
        ("code" = String, Path, description = "The room's code"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes it safe to repeat: 1 to 200 visible characters"),
    ),
    responses(
        (status = 201, description = "The message", body = ChatMessage),
        (status = 200, description = "It had been said before, by its `client_msg_id` or `Idempotency-Key`", body = ChatMessage),
        (status = 400, description = "`EMPTY`, `TOO_LONG`, `INVALID_INPUT`"),
        (status = 403, description = "`NOT_APPROVED`, `BANNED`, `MUTED`, `CHAT_DISABLED`"),
        (status = 404, description = "`NO_SUCH_ROOM`"),
        (status = 410, description = "`ROOM_CLOSED`"),
        (status = 429, description = "`RATE_LIMITED`, `REPEATED`, `SLOW_MODE`"),
    ),
)]
pub(in crate::inbound::http) async fn say(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Path(code): Path<String>,
    headers: HeaderMap,
    Input(input): Input<MessageInput>,
) -> Result<Response, HttpError> {
    let request = idempotency_key(&headers)?.map(str::to_owned);
    let words = Words { request, ..input.words()? };
    let done = app::say(&app, &author(&identity), &room_of_path(&code)?, words).await?;
    said(&app, &done, identity.user)
}

#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"message": "hello, everyone"}))]
pub(in crate::inbound::http) struct EditInput {
    /// What it says from now on.
    #[serde(alias = "content", alias = "new_content")]
    message: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"reaction": "👍"}))]
pub(in crate::inbound::http) struct ReactionInput {
    /// 1 to 32 characters.
    reaction: Option<String>,
    /// Whether it is to be there; without this it is turned round.
    on: Option<Loose>,
}

/// Changes what one's own message says.
#[openapi_macros::path(
    patch, path = "/api/rooms/{code}/messages/{id}/", operation_id = "edit_message", tag = "Rooms",
    request_body = EditInput,
    params(
        ("code" = String, Path, description = "The room's code"),
        ("id" = u64, Path, description = "The message's number"),
    ),
    responses(
        (status = 200, description = "The message as it is now", body = ChatMessage),
        (status = 400, description = "`EMPTY`, `TOO_LONG`"),
        (status = 403, description = "`NOT_APPROVED`, `BANNED`, `MUTED`"),
        (status = 404, description = "`NO_SUCH_ROOM`; no message of one's own has this number (`NO_SUCH_MESSAGE`)"),
        (status = 429, description = "`RATE_LIMITED`"),
    ),
)]
pub(in crate::inbound::http) async fn edit(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Path((code, id)): Path<(String, String)>,
    Input(input): Input<EditInput>,
) -> Result<Json<ChatMessage>, HttpError> {
    amend(&app, &identity, (&code, &id), Amendment::Edit(input.message.unwrap_or_default())).await
}

/// Deletes a message: one's own; host, co-hosts and admins any.
#[openapi_macros::path(
    delete, path = "/api/rooms/{code}/messages/{id}/", operation_id = "delete_message", tag = "Rooms",
    params(
        ("code" = String, Path, description = "The room's code"),
        ("id" = u64, Path, description = "The message's number"),
    ),
    responses(
        (status = 200, description = "It is gone", body = StatusBody),
        (status = 403, description = "`HOST_ONLY`, `NOT_APPROVED`, `BANNED`, `MUTED`"),
        (status = 404, description = "`NO_SUCH_ROOM`, `NO_SUCH_MESSAGE`"),
        (status = 429, description = "`RATE_LIMITED`"),
    ),
)]
pub(in crate::inbound::http) async fn delete(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Path((code, id)): Path<(String, String)>,
) -> Result<Json<StatusBody>, HttpError> {
    let (code, id) = (room_of_path(&code)?, message_of_path(&id)?);
    app::amend(&app, &author(&identity), &code, id, Amendment::Delete).await?;
    Ok(Json(StatusBody { status: "deleted" }))
}

/// Puts a reaction on a message, or takes it back.
#[openapi_macros::path(
    post, path = "/api/rooms/{code}/messages/{id}/reactions/", operation_id = "react", tag = "Rooms",
    request_body = ReactionInput,
    params(
        ("code" = String, Path, description = "The room's code"),
        ("id" = u64, Path, description = "The message's number"),
    ),
    responses(
        (status = 200, description = "The message as it is now", body = ChatMessage),
        (status = 403, description = "`NOT_APPROVED`, `BANNED`, `MUTED`"),
        (status = 404, description = "`NO_SUCH_ROOM`, `NO_SUCH_MESSAGE`"),
        (status = 409, description = "It has just been changed (`CONFLICT`)"),
        (status = 429, description = "`RATE_LIMITED`"),
    ),
)]
pub(in crate::inbound::http) async fn react(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Path((code, id)): Path<(String, String)>,
    Input(input): Input<ReactionInput>,
) -> Result<Json<ChatMessage>, HttpError> {
    let on = truth("on", input.on.as_ref())?;
    let amendment = Amendment::React { reaction: input.reaction.unwrap_or_default(), on };
    amend(&app, &identity, (&code, &id), amendment).await
}

async fn amend(
    app: &App,
    identity: &Identity,
    (code, id): (&str, &str),
    amendment: Amendment,
) -> Result<Json<ChatMessage>, HttpError> {
    let (code, id) = (room_of_path(code)?, message_of_path(id)?);
    let amended = app::amend(app, &author(identity), &code, id, amendment).await?;
    let (room, entry, _) = amended.ok_or(AppError::from(app::RoomRefusal::NoSuchMessage))?;
    let authors = app::Authors::of(app, &code, entry.author).await?;
    let reader = Reader { user: Some(identity.user), ..Reader::default() };
    Ok(Json(app::message_body(app.settings(), &room, &entry, &authors, reader)))
}

#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"message_id": 43}))]
pub(in crate::inbound::http) struct ReadInput {
    /// Up to which message; without it to the end.
    message_id: Option<Loose>,
}

/// Notes up to where one has read: it never goes back.
#[openapi_macros::path(
    post, path = "/api/rooms/{code}/read/", operation_id = "mark_read", tag = "Rooms", request_body = ReadInput,
    params(("code" = String, Path, description = "The room's code")),
    responses(
        (status = 200, description = "It is noted", body = StatusBody),
        (status = 403, description = "`NOT_APPROVED`, `BANNED`"),
        (status = 404, description = "`NO_SUCH_ROOM`"),
        (status = 410, description = "`ROOM_CLOSED`"),
    ),
)]
pub(in crate::inbound::http) async fn mark_read(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Path(code): Path<String>,
    Input(input): Input<ReadInput>,
) -> Result<Json<StatusBody>, HttpError> {
    let message_id = read("message_id", input.message_id.as_ref())?;
    app::mark_read(&app, identity.user, &room_of_path(&code)?, message_id).await?;
    Ok(Json(StatusBody { status: "read" }))
}
