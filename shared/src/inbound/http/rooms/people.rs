//! Who is in a room.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;

use super::bodies::participant;
use super::fields::room_of_path;
use crate::app::{self, App};
use crate::domain::rooms::Status;
use crate::ids::{RoomCode, UserId};
use crate::inbound::http::error::HttpError;
use crate::inbound::http::pages::{PageQuery, page, url};
use crate::inbound::http::signed_in::SignedIn;
use crate::openapi_macros;
use crate::protocol::ParticipantBody;

#[derive(Deserialize, openapi_macros::IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::inbound::http) struct PeopleQuery {
    /// `APPROVED`; for host and co-hosts also `PENDING` or `BANNED`.
    status: Option<String>,
}

#[derive(Deserialize, openapi_macros::IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::inbound::http) struct RoomQuery {
    /// The room's code.
    #[param(required, nullable = false)]
    room_id: Option<String>,
}

/// Lists the people of a room, to its members.
#[openapi_macros::path(
    get, path = "/api/rooms/{code}/participants/", operation_id = "participants", tag = "Rooms",
    params(("code" = String, Path, description = "The room's code"), PeopleQuery, PageQuery),
    responses(
        (status = 200, description = "A page; it may be short, `Link` leads to the next one", body = [ParticipantBody]),
        (status = 403, description = "`NOT_APPROVED`, `BANNED`, `HOST_ONLY`"),
        (status = 404, description = "`NO_SUCH_ROOM`"),
        (status = 410, description = "`ROOM_CLOSED`"),
    ),
)]
pub(in crate::inbound::http) async fn list(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Path(code): Path<String>,
    Query(query): Query<PeopleQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Response, HttpError> {
    people(&app, identity.user, room_of_path(&code)?, query, page).await
}

/// Lists the people of a room, as another call does.
///
/// The same as `GET /api/rooms/{code}/participants/`, for clients that know this one.
#[openapi_macros::path(
    get, path = "/api/rooms/participants/", operation_id = "participants_by_query", tag = "Rooms",
    params(RoomQuery, PeopleQuery, PageQuery),
    responses(
        (status = 200, description = "A page; it may be short, `Link` leads to the next one", body = [ParticipantBody]),
        (status = 403, description = "`NOT_APPROVED`, `BANNED`, `HOST_ONLY`"),
        (status = 404, description = "`NO_SUCH_ROOM`"),
        (status = 410, description = "`ROOM_CLOSED`"),
    ),
)]
pub(in crate::inbound::http) async fn list_by_query(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Query(room): Query<RoomQuery>,
    Query(query): Query<PeopleQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Response, HttpError> {
    let code = room.room_id.as_deref().ok_or_else(|| HttpError::field("room_id", "This is missing."))?;
    people(&app, identity.user, room_of_path(code)?, query, page).await
}

async fn people(
    app: &App,
    user: UserId,
    code: RoomCode,
    query: PeopleQuery,
    wanted: PageQuery,
) -> Result<Response, HttpError> {
    let status = status(query.status.as_deref())?;
    let after: Option<UserId> = wanted.cursor()?;
    let limit = wanted.limit()?;
    let listed = app::participants(app, user, &code, status, after, limit).await?;
    let bodies = listed.page.members.iter().map(|member| {
        let is_present = listed.present.contains(&member.user);
        participant(app.settings(), &listed.room, member, (is_present, listed.tells_read))
    });
    let path = url(app, &format!("/api/rooms/{code}/participants/"));
    let parameters = [("limit", limit.to_string()), ("status", status.name().to_owned())];
    Ok(page(bodies.collect::<Vec<ParticipantBody>>(), &path, &parameters, listed.page.next))
}

fn status(name: Option<&str>) -> Result<Status, HttpError> {
    match name.map(str::to_ascii_uppercase).as_deref() {
        None | Some("" | "APPROVED") => Ok(Status::Approved),
        Some("PENDING") => Ok(Status::Pending),
        Some("BANNED") => Ok(Status::Banned),
        Some(_) => Err(HttpError::field("status", "APPROVED, PENDING or BANNED.")),
    }
}
