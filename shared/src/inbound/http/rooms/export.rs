//! Copies to take away: `GET /api/rooms/{code}/export/` and `GET /api/user-profile/export/`.

use std::fmt::Display;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, LINK};
use axum::response::{IntoResponse, Response};

use super::fields::room_of_path;
use crate::app::{self, App, ExportPage};
use crate::inbound::http::error::HttpError;
use crate::inbound::http::pages::{CursorQuery, link, url};
use crate::inbound::http::signed_in::SignedIn;
use crate::openapi_macros;

/// A copy of a room, for its host: lines of JSON.
///
/// First the room (`"kind": "room"`), then its people (`member`), then what was said and done (`event`, as sockets get it).
/// Pages of up to 4 MB; `Link` leads to the next one.
#[openapi_macros::path(
    get, path = "/api/rooms/{code}/export/", operation_id = "export_room", tag = "Rooms",
    params(("code" = String, Path, description = "The room's code"), CursorQuery),
    responses(
        (status = 200, description = "A page", body = String, content_type = "application/x-ndjson"),
        (status = 403, description = "`HOST_ONLY`, `NOT_APPROVED`, `BANNED`"),
        (status = 404, description = "`NO_SUCH_ROOM`"),
        (status = 410, description = "`ROOM_CLOSED`"),
    ),
)]
pub(in crate::inbound::http) async fn room(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Path(code): Path<String>,
    Query(query): Query<CursorQuery>,
) -> Result<Response, HttpError> {
    let code = room_of_path(&code)?;
    let page = app::export_room(&app, identity.user, &code, query.cursor()?).await?;
    Ok(answer(page, &url(&app, &format!("/api/rooms/{code}/export/"))))
}

/// A copy of one's own data: lines of JSON.
///
/// Oneself (`"kind": "user"`), whom one has blocked (`blocked`), and for each room (`room`) what one has said and done there
/// (`event`). Pages of up to 4 MB; `Link` leads to the next one.
#[openapi_macros::path(
    get, path = "/api/user-profile/export/", operation_id = "export_profile", tag = "Profile", params(CursorQuery),
    responses((status = 200, description = "A page", body = String, content_type = "application/x-ndjson")),
)]
pub(in crate::inbound::http) async fn own(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Query(query): Query<CursorQuery>,
) -> Result<Response, HttpError> {
    let page = app::export_own(&app, identity.user, query.cursor()?).await?;
    Ok(answer(page, &url(&app, "/api/user-profile/export/")))
}

fn answer<C: Display>(page: ExportPage<C>, url: &str) -> Response {
    let headers = [(CONTENT_TYPE, "application/x-ndjson"), (CACHE_CONTROL, "no-store")];
    let mut response = (headers, page.text).into_response();
    if let Some(next) = page.next.and_then(|next| link(url, &[], &next.to_string())) {
        response.headers_mut().insert(LINK, next);
    }
    response
}
