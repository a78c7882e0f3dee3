//! `GET /api/rooms/{code}/audit/`: what was done in a room.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::Response;

use super::fields::room_of_path;
use crate::app::{self, App};
use crate::ids::UserId;
use crate::inbound::http::error::HttpError;
use crate::inbound::http::pages::{PageQuery, page, url};
use crate::inbound::http::signed_in::SignedIn;
use crate::openapi_macros;
use crate::protocol::RoomDeedBody;

/// Tells what was done in a room, newest first: to host, co-hosts and admins. Kept for 90 days.
#[openapi_macros::path(
    get, path = "/api/rooms/{code}/audit/", operation_id = "room_audit", tag = "Rooms",
    params(("code" = String, Path, description = "The room's code"), PageQuery),
    responses(
        (status = 200, description = "A page; `Link` leads to the next one", body = [RoomDeedBody]),
        (status = 403, description = "`HOST_ONLY`, `NOT_APPROVED`"),
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
    let after: Option<String> = query.cursor()?;
    let deeds = app::room_audit(&app, identity.user, &code, after.as_deref(), limit).await?;
    let people: Vec<UserId> =
        deeds.records.iter().flat_map(|record| [record.actor, record.target]).flatten().collect();
    let authors = app::Authors::of(&app, &code, people).await?;
    let name = |user: Option<_>| user.map(|user| authors.shown(user).name);
    let body = |record: &crate::store::RoomRecord| RoomDeedBody {
        at: record.moment(),
        action: record.action.name().to_owned(),
        actor_id: record.actor,
        actor: name(record.actor),
        target_id: record.target,
        target: name(record.target),
        detail: record.detail.clone(),
    };
    let bodies: Vec<RoomDeedBody> = deeds.records.iter().map(body).collect();
    Ok(page(
        bodies,
        &url(&app, &format!("/api/rooms/{code}/audit/")),
        &[("limit", limit.to_string())],
        deeds.next,
    ))
}
