//! Lists of rooms: one's own and the public ones.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;

use super::bodies::{listed, own};
use crate::app::{self, App};
use crate::domain::rooms::Status;
use crate::ids::RoomCode;
use crate::inbound::http::error::HttpError;
use crate::inbound::http::pages::{PageQuery, page, url};
use crate::inbound::http::signed_in::SignedIn;
use crate::openapi_macros;
use crate::protocol::{OwnRoomBody, PublicRoomBody};

/// One's own rooms, as a member or an applicant.
///
/// Conversations have a list of their own.
#[openapi_macros::path(
    get, path = "/api/rooms/", operation_id = "own_rooms", tag = "Rooms", params(PageQuery),
    responses((status = 200, description = "A page; `Link` leads to the next one", body = [OwnRoomBody])),
)]
pub(in crate::inbound::http) async fn mine(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Query(query): Query<PageQuery>,
) -> Result<Response, HttpError> {
    let after: Option<RoomCode> = query.cursor()?;
    let limit = query.limit()?;
    let user = identity.user;
    let wants = |room: &crate::store::Room| !room.kind.is_conversation();
    let (rooms, next) = app::own_rooms(&app, user, after.as_ref(), limit, wants).await?;
    let mut bodies = Vec::with_capacity(rooms.len());
    for room in &rooms {
        let mut body = own(room, user);
        // An applicant learns nothing of what is said.
        if room.member.status == Status::Approved {
            let summary = app::summary(&app, room).await?;
            (body.unread, body.last_id, body.last_message) =
                (summary.unread, summary.head, summary.last_message);
            body.last_read_id = summary.last_read;
        }
        bodies.push(body);
    }
    Ok(page(bodies, &url(&app, "/api/rooms/"), &[("limit", limit.to_string())], next))
}

/// The public rooms: most viewers first, then the newest.
#[openapi_macros::path(
    get, path = "/api/rooms/public/", operation_id = "public_rooms", tag = "Rooms", params(PageQuery),
    security(()),
    responses((status = 200, description = "A page; `Link` leads to the next one", body = [PublicRoomBody])),
)]
pub(in crate::inbound::http) async fn public(
    State(app): State<Arc<App>>,
    Query(query): Query<PageQuery>,
) -> Result<Response, HttpError> {
    let limit = query.limit()?;
    let (rooms, next) = app::public_rooms(&app, query.cursor::<String>()?.as_deref(), limit).await?;
    let rooms: Vec<PublicRoomBody> = rooms.into_iter().map(listed).collect();
    Ok(page(rooms, &url(&app, "/api/rooms/public/"), &[("limit", limit.to_string())], next))
}
