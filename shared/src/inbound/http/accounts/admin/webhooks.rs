//! `/api/admin/webhooks/`: which other programs are told what happens in rooms.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Admin;
use super::users::truth;
use crate::app::admin::{self, NewWebhook, WebhookChange};
use crate::app::{App, AppError};
use crate::domain::webhooks::{Happening, Topic};
use crate::ids::{RoomCode, UserId, WebhookId};
use crate::inbound::http::answers::NoAdmin;
use crate::inbound::http::error::HttpError;
use crate::inbound::http::input::Input;
use crate::inbound::http::profile::Done;
use crate::openapi_macros::{self, ToSchema};
use crate::protocol::Timestamp;
use crate::store::{Undelivered, Webhook};

/// A program that is told what happens in rooms.
#[derive(Serialize, ToSchema)]
pub(super) struct WebhookBody {
    /// Its id.
    #[schema(value_type = String)]
    id: WebhookId,
    /// Where it is called.
    url: String,
    /// What it is told of.
    events: Vec<Topic>,
    /// Whether it is told anything.
    is_enabled: bool,
    /// The number of the admin who made it.
    created_by: UserId,
    /// When that was.
    created_at: Timestamp,
    /// How often in a row it failed.
    failures: u32,
    /// Why it failed last.
    #[schema(required)]
    last_error: Option<String>,
    /// When that was.
    #[schema(required)]
    last_error_at: Option<Timestamp>,
}

impl From<Webhook> for WebhookBody {
    fn from(hook: Webhook) -> Self {
        Self {
            id: hook.id,
            url: hook.url,
            events: hook.topics,
            is_enabled: hook.is_enabled,
            created_by: hook.created_by,
            created_at: Timestamp::from_micros(hook.created_at),
            failures: hook.failures,
            last_error: hook.last_error,
            last_error_at: hook.last_error_at.map(Timestamp::from_micros),
        }
    }
}

/// A webhook that was made.
#[derive(Serialize, ToSchema)]
pub(super) struct MadeWebhookBody {
    /// What is known of it.
    #[serde(flatten)]
    webhook: WebhookBody,
    /// By what it knows us, `whsec_` and base64. It is not shown again.
    secret: String,
}

/// Something that a webhook could not be told for a day.
#[derive(Serialize, ToSchema)]
pub(super) struct UndeliveredBody {
    /// Its `webhook-id`.
    id: String,
    /// In which room.
    #[schema(value_type = String)]
    room: RoomCode,
    /// What it is about.
    r#type: Topic,
    /// The event's number in the room's log, if it is in there.
    #[schema(required)]
    event_id: Option<u64>,
    /// When it happened.
    timestamp: Timestamp,
    /// Why it could not be told.
    error: String,
}

impl From<Undelivered> for UndeliveredBody {
    fn from(undelivered: Undelivered) -> Self {
        let news = undelivered.call.news;
        let event_id = match news.happening {
            Happening::Logged { id } => Some(id.0),
            _ => None,
        };
        let (r#type, error) = (news.happening.topic(), undelivered.why);
        Self { id: news.id, room: news.room, r#type, event_id, timestamp: news.at, error }
    }
}

/// How many were sent again.
#[derive(Serialize, ToSchema)]
pub(super) struct ResentBody {
    /// So many.
    resent: usize,
}

/// A webhook that is to be; of one that is there, what is left out stays.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"url": "https://example.org/parlor"}))]
pub(super) struct WebhookInput {
    /// An `https` URL of a public host.
    url: Option<String>,
    /// Any of `message`, `member` and `room`; a new webhook is told of everything, if nothing is said.
    #[schema(value_type = Option<Vec<Topic>>)]
    events: Option<Value>,
    /// Whether it is told anything. A new one is, unless it is said otherwise.
    #[schema(value_type = Option<bool>)]
    is_enabled: Option<Value>,
}

/// Lists the webhooks.
#[openapi_macros::path(
    get, path = "/api/admin/webhooks/", operation_id = "list_webhooks", tag = "Admins",
    responses((status = 200, description = "All of them, 20 at most", body = [WebhookBody]), NoAdmin),
)]
pub(super) async fn list(
    State(app): State<Arc<App>>,
    Admin(_): Admin,
) -> Result<Json<Vec<WebhookBody>>, HttpError> {
    let hooks = admin::webhooks(&app).await?;
    Ok(Json(hooks.into_iter().map(WebhookBody::from).collect()))
}

/// Adds a webhook.
///
/// Rooms whose host has set `webhooks` tell it what happens in them, within a minute. Its secret is shown this once.
#[openapi_macros::path(
    post, path = "/api/admin/webhooks/", operation_id = "add_webhook", tag = "Admins", request_body = WebhookInput,
    responses(
        (status = 201, description = "The webhook, and its secret", body = MadeWebhookBody),
        NoAdmin,
        (status = 409, description = "There are 20 (`CONFLICT`)"),
    ),
)]
pub(super) async fn add(
    State(app): State<Arc<App>>,
    Admin(by): Admin,
    Input(input): Input<WebhookInput>,
) -> Result<(StatusCode, Json<MadeWebhookBody>), HttpError> {
    let url = input.url.ok_or_else(|| HttpError::field("url", "Where is it to be called?"))?;
    let topics = input.events.as_ref().map(topics).transpose()?.unwrap_or_else(|| Topic::ALL.to_vec());
    let is_enabled = truth("is_enabled", input.is_enabled.as_ref())?.unwrap_or(true);
    let made = admin::add_webhook(&app, &by, NewWebhook { url, topics, is_enabled }).await?;
    let body = MadeWebhookBody { webhook: made.webhook.into(), secret: made.secret };
    Ok((StatusCode::CREATED, Json(body)))
}

/// Changes a webhook.
///
/// What is left out stays. How often it failed is forgotten: it is called again at once.
#[openapi_macros::path(
    patch, path = "/api/admin/webhooks/{id}/", operation_id = "change_webhook", tag = "Admins",
    params(("id" = String, Path, description = "Which")), request_body = WebhookInput,
    responses(
        (status = 200, description = "The webhook as it is now", body = WebhookBody),
        NoAdmin,
        (status = 404, description = "There is no such webhook (`NOT_FOUND`)"),
        (status = 409, description = "It was changed at this moment (`CONFLICT`)"),
    ),
)]
pub(super) async fn change(
    State(app): State<Arc<App>>,
    Admin(by): Admin,
    Path(id): Path<String>,
    Input(input): Input<WebhookInput>,
) -> Result<Json<WebhookBody>, HttpError> {
    let change = WebhookChange {
        url: input.url,
        topics: input.events.as_ref().map(topics).transpose()?,
        is_enabled: truth("is_enabled", input.is_enabled.as_ref())?,
    };
    Ok(Json(admin::change_webhook(&app, &by, &named(&id)?, change).await?.into()))
}

/// Deletes a webhook.
///
/// What it could not be told goes with it.
#[openapi_macros::path(
    delete, path = "/api/admin/webhooks/{id}/", operation_id = "delete_webhook", tag = "Admins",
    params(("id" = String, Path, description = "Which")),
    responses(
        (status = 200, description = "It is told nothing any more", body = Done),
        NoAdmin,
        (status = 404, description = "There is no such webhook (`NOT_FOUND`)"),
        (status = 409, description = "It was changed at this moment (`CONFLICT`)"),
    ),
)]
pub(super) async fn remove(
    State(app): State<Arc<App>>,
    Admin(by): Admin,
    Path(id): Path<String>,
) -> Result<Json<Done>, HttpError> {
    admin::remove_webhook(&app, &by, &named(&id)?).await?;
    Ok(Json(Done::new("The webhook is deleted.")))
}

/// Lists what a webhook could not be told for a day.
///
/// The oldest hundred. They are kept for 30 days.
#[openapi_macros::path(
    get, path = "/api/admin/webhooks/{id}/undelivered/", operation_id = "list_undelivered", tag = "Admins",
    params(("id" = String, Path, description = "Which")),
    responses(
        (status = 200, description = "The oldest hundred", body = [UndeliveredBody]),
        NoAdmin,
        (status = 404, description = "There is no such webhook (`NOT_FOUND`)"),
    ),
)]
pub(super) async fn undelivered(
    State(app): State<Arc<App>>,
    Admin(_): Admin,
    Path(id): Path<String>,
) -> Result<Json<Vec<UndeliveredBody>>, HttpError> {
    let kept = admin::undelivered(&app, &named(&id)?).await?;
    Ok(Json(kept.into_iter().map(UndeliveredBody::from).collect()))
}

/// Tells a webhook what it could not be told.
///
/// The oldest hundred; they are tried for another day.
#[openapi_macros::path(
    post, path = "/api/admin/webhooks/{id}/resend/", operation_id = "resend_undelivered", tag = "Admins",
    params(("id" = String, Path, description = "Which")),
    responses(
        (status = 200, description = "How many", body = ResentBody),
        NoAdmin,
        (status = 404, description = "There is no such webhook (`NOT_FOUND`)"),
        (status = 409, description = "It was changed at this moment (`CONFLICT`)"),
    ),
)]
pub(super) async fn resend(
    State(app): State<Arc<App>>,
    Admin(by): Admin,
    Path(id): Path<String>,
) -> Result<Json<ResentBody>, HttpError> {
    Ok(Json(ResentBody { resent: admin::resend_undelivered(&app, &by, &named(&id)?).await? }))
}

/// What is no id is no webhook's.
fn named(id: &str) -> Result<WebhookId, HttpError> {
    id.parse().map_err(|_| AppError::NotFound.into())
}

/// A list of names; forms send them as one text.
fn topics(value: &Value) -> Result<Vec<Topic>, HttpError> {
    let unknown = || HttpError::field("events", "Any of message, member and room.");
    let topic = |name: &str| Topic::ALL.into_iter().find(|topic| topic.name() == name).ok_or_else(unknown);
    match value {
        Value::Array(names) => names.iter().map(|name| topic(name.as_str().ok_or_else(unknown)?)).collect(),
        Value::String(text) => text.split([',', ' ']).filter(|name| !name.is_empty()).map(topic).collect(),
        _ => Err(unknown()),
    }
}
