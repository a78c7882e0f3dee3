//! `POST /api/users/{id}/block/` and its like.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Serialize;

use crate::app::{self, App, AppError, Blocked, RoomRefusal, Settings};
use crate::ids::UserId;
use crate::inbound::http::accounts::sign_in::picture_url;
use crate::inbound::http::error::HttpError;
use crate::inbound::http::pages::{PageQuery, page};
use crate::inbound::http::signed_in::SignedIn;
use crate::openapi_macros::{self, ToSchema};
use crate::protocol::{StatusBody, Timestamp};

/// Blocks somebody.
///
/// They can neither write to you nor begin a conversation with you, nor find you by name, and aren't told. In rooms of more
/// people nothing changes.
#[openapi_macros::path(
    post, path = "/api/users/{id}/block/", operation_id = "block", tag = "Conversations",
    params(("id" = u64, Path, description = "Whom")),
    responses(
        (status = 200, description = "They are blocked", body = StatusBody),
        (status = 404, description = "`NO_SUCH_PERSON`"),
        (status = 409, description = "That is oneself (`CONFLICT`)"),
    ),
)]
pub(in crate::inbound::http) async fn block(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Path(id): Path<String>,
) -> Result<Json<StatusBody>, HttpError> {
    app::block(&app, identity.user, person(&id)?).await?;
    Ok(Json(StatusBody { status: "blocked" }))
}

/// Lets somebody write to you again.
#[openapi_macros::path(
    post, path = "/api/users/{id}/unblock/", operation_id = "unblock", tag = "Conversations",
    params(("id" = u64, Path, description = "Whom")),
    responses(
        (status = 200, description = "They are not blocked", body = StatusBody),
        (status = 404, description = "`NO_SUCH_PERSON`"),
    ),
)]
pub(in crate::inbound::http) async fn unblock(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Path(id): Path<String>,
) -> Result<Json<StatusBody>, HttpError> {
    app::unblock(&app, identity.user, person(&id)?).await?;
    Ok(Json(StatusBody { status: "unblocked" }))
}

fn person(id: &str) -> Result<UserId, HttpError> {
    // Nobody has a number that signed whole numbers of 64 bits don't hold.
    let id: Option<UserId> = id.parse().ok().filter(|id: &UserId| i64::try_from(id.0).is_ok());
    id.ok_or_else(|| AppError::from(RoomRefusal::NoSuchPerson).into())
}

/// Somebody whom one has blocked.
#[derive(Serialize, ToSchema)]
pub(in crate::inbound::http) struct BlockedPerson {
    /// Their number.
    id: UserId,
    /// Their username, if they have one.
    #[schema(required)]
    username: Option<String>,
    /// The name that others see.
    display_name: String,
    /// URL of their picture, if there is one.
    #[schema(required)]
    photo: Option<String>,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    blocked_at: Timestamp,
}

/// Lists whom one has blocked.
#[openapi_macros::path(
    get, path = "/api/user-profile/blocked/", operation_id = "blocked", tag = "Conversations", params(PageQuery),
    responses((status = 200, description = "A page; `Link` leads to the next one", body = [BlockedPerson])),
)]
pub(in crate::inbound::http) async fn list(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Query(query): Query<PageQuery>,
) -> Result<Response, HttpError> {
    let (after, limit) = (query.cursor::<UserId>()?, query.limit()?);
    let (people, next) = app::blocked(&app, identity.user, after, limit).await?;
    let bodies: Vec<BlockedPerson> = people.into_iter().map(|person| shown(app.settings(), person)).collect();
    Ok(page(bodies, "/api/user-profile/blocked/", &[("limit", limit.to_string())], next))
}

fn shown(settings: &Settings, blocked: Blocked) -> BlockedPerson {
    let user = blocked.user;
    BlockedPerson {
        id: user.id,
        photo: picture_url(settings, user.picture.as_ref()),
        username: user.username.map(|name| name.to_string()),
        display_name: user.display_name,
        blocked_at: Timestamp::from_micros(blocked.since),
    }
}
