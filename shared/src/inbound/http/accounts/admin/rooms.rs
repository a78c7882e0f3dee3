//! `GET /api/admin/rooms/`: rooms, as admins see them.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::Admin;
use crate::app::{self, App, ExistingRoom};
use crate::ids::{RoomCode, UserId};
use crate::inbound::http::answers::NoAdmin;
use crate::inbound::http::error::HttpError;
use crate::inbound::http::pages::{PageQuery, page};
use crate::openapi_macros::{self, ToSchema};
use crate::protocol::Timestamp;

/// A room, as admins see it.
#[derive(Serialize, ToSchema)]
pub(super) struct AdminRoomBody {
    /// Its code.
    code: String,
    /// The same.
    room_id: String,
    /// Its name.
    name: String,
    /// `ACTIVE` or `CLOSED`.
    state: &'static str,
    /// The name of its host; the lobby has none.
    #[schema(required)]
    host: Option<String>,
    /// The number of its host.
    #[schema(required)]
    host_id: Option<UserId>,
    /// Whether it is kept off the public list.
    is_private: bool,
    /// `OPEN`, `PASSWORD` or `APPROVAL`.
    entry_mode: &'static str,
    /// Whether nobody new gets in.
    is_locked: bool,
    /// How many members it has.
    members_count: u32,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl From<ExistingRoom> for AdminRoomBody {
    fn from(existing: ExistingRoom) -> Self {
        let ExistingRoom { room, host, members_count } = existing;
        Self {
            code: room.code.to_string(),
            room_id: room.code.to_string(),
            state: if room.is_active() { "ACTIVE" } else { "CLOSED" },
            name: room.name,
            host,
            host_id: room.host,
            is_private: room.is_private,
            entry_mode: room.entry_mode.name(),
            is_locked: room.is_locked,
            members_count,
            created_at: Timestamp::from_micros(room.created_at),
        }
    }
}

/// Which rooms.
#[derive(Deserialize, openapi_macros::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct RoomsQuery {
    /// How their codes begin.
    q: Option<String>,
}

/// Lists rooms by their codes, closed ones included. Conversations are nobody's business.
///
/// An admin may look into any of them, change and close it by the calls about rooms, unjoined; its trail says so.
#[openapi_macros::path(
    get, path = "/api/admin/rooms/", operation_id = "list_rooms", tag = "Admins", params(PageQuery, RoomsQuery),
    responses(
        (status = 200, description = "A page of them", body = [AdminRoomBody], headers(("Link" = Option<String>, description = "Where the next page is, if there is one"))),
        NoAdmin,
    ),
)]
pub(super) async fn list(
    State(app): State<Arc<App>>,
    Admin(_): Admin,
    Query(wanted): Query<PageQuery>,
    Query(which): Query<RoomsQuery>,
) -> Result<Response, HttpError> {
    let (limit, cursor) = (wanted.limit()?, wanted.cursor::<RoomCode>()?);
    let beginning = which.q.unwrap_or_default();
    let (rooms, next) = app::all_rooms(&app, beginning.trim(), cursor.as_ref(), limit).await?;
    let url = format!("{}/api/admin/rooms/", app.settings().public_url);
    let rooms: Vec<AdminRoomBody> = rooms.into_iter().map(AdminRoomBody::from).collect();
    Ok(page(rooms, &url, &[("limit", limit.to_string()), ("q", beginning)], next))
}
