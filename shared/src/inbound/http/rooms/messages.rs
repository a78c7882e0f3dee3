//! Messages of a room: read, said, changed.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use super::fields::{Loose, message_of_path, read, room_of_path, truth};
use super::sending::{MessageInput, author, said};
use crate::app::{self, Amendment, App, AppError, History, Reader, Words};
use crate::ids::{EventId, UserId};
use crate::inbound::http::error::HttpError;
use crate::inbound::http::input::Input;
use crate::inbound::http::media::upload_fields::idempotency_key;
use crate::inbound::http::pages::page;
use crate::inbound::http::signed_in::SignedIn;
use crate::openapi_macros::{self, ToSchema};
use crate::ports::Identity;
use crate::protocol::{ChatMessage, StatusBody};
use crate::store::Room;

/// How many messages a page has if nobody says, and at most.
const LIMIT: usize = 50;
const MAX_LIMIT: usize = 100;

#[derive(Deserialize, openapi_macros::IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::inbound::http) struct MessagesQuery {
    /// Those before this message, newest last.
    #[param(value_type = Option<u64>)]
    before: Option<String>,
    /// Those after this message.
    #[param(value_type = Option<u64>)]
    after: Option<String>,
    /// How many, at most 100.
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100)]
    limit: Option<String>,
}

impl MessagesQuery {
    fn limit(&self) -> Result<usize, HttpError> {
        let Some(text) = &self.limit else { return Ok(LIMIT) };
        let number = text.parse().ok().filter(|number| (1..=MAX_LIMIT).contains(number));
        number.ok_or_else(|| HttpError::field("limit", "A whole number from 1 to 100."))
    }
}

fn number(field: &'static str, text: Option<&str>) -> Result<Option<EventId>, HttpError> {
    let number = |text: &str| text.parse().map_err(|_| HttpError::field(field, "The number of a message."));
    text.map(number).transpose()
}

/// Lists a room's messages, newest last: the newest ones, those before one or those after one.
///
/// Deleted ones appear nowhere. `Link` leads to the older ones, with `after` to the newer ones.
#[openapi_macros::path(
    get, path = "/api/rooms/{code}/messages/", operation_id = "messages", tag = "Rooms",
    params(("code" = String, Path, description = "The room's code"), MessagesQuery),
    responses(
        (status = 200, description = "A page; it may be short, even empty, and have a next one", body = [ChatMessage]),
        (status = 403, description = "`NOT_APPROVED`, `BANNED`"),
        (status = 404, description = "`NO_SUCH_ROOM`"),
        (status = 410, description = "`ROOM_CLOSED`"),
    ),
)]
pub(in crate::inbound::http) async fn list(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Path(code): Path<String>,
    Query(query): Query<MessagesQuery>,
) -> Result<Response, HttpError> {
    let (code, limit) = (room_of_path(&code)?, query.limit()?);
    let before = number("before", query.before.as_deref())?;
    let after = number("after", query.after.as_deref())?;
    let (standing, history) = app::messages(&app, identity.user, &code, (before, after), limit).await?;
    let bodies = bodies(&app, &standing.room, &history, identity.user);
    let url = format!("/api/rooms/{code}/messages/");
    let next = if after.is_some() { history.last_read } else { history.first_read };
    let next = next.filter(|_| history.more);
    let mut parameters = vec![("limit", limit.to_string())];
    if let Some(next) = next {
        parameters.push((if after.is_some() { "after" } else { "before" }, next.to_string()));
    }
    Ok(linked(bodies, &url, &parameters, next.is_some()))
}

fn bodies(app: &App, room: &Room, history: &History, user: UserId) -> Vec<ChatMessage> {
    let reader = Reader { user: Some(user), mine: Some(&history.mine), replayed: false };
    let body = |entry| app::message_body(app.settings(), room, entry, &history.authors, reader);
    history.entries.iter().map(body).collect()
}

/// A page whose next one is at these parameters.
fn linked(bodies: Vec<ChatMessage>, url: &str, parameters: &[(&str, String)], has_next: bool) -> Response {
    let mut response = page(bodies, url, &[], None::<String>);
    if has_next {
        let pairs: Vec<String> = parameters.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let link = format!("<{url}?{}>; rel=\"next\"", pairs.join("&"));
        if let Ok(link) = link.parse() {
            response.headers_mut().insert(axum::http::header::LINK, link);
        }
    }
    response
}

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
