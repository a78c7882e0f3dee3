//! `GET /api/rooms/{code}/events/`: what happened in a room's log, as its sockets were told.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, LINK};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::app::{self, App};
use crate::ids::EventId;
use crate::inbound::http::error::HttpError;
use crate::inbound::http::pages::{PageQuery, url};
use crate::inbound::http::rooms::fields::room_of_path;
use crate::inbound::http::signed_in::SignedIn;
use crate::openapi_macros;

#[derive(Deserialize, openapi_macros::IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::inbound::http) struct EventsQuery {
    /// Those after this event; without it, from the beginning.
    #[param(value_type = Option<u64>)]
    after: Option<String>,
    /// How many events, at most 100.
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100)]
    limit: Option<String>,
}

/// Tells what happened in a room after an event: the frames that sockets with all events get, with the text of today.
///
/// `Link` leads on. For who has missed more than a socket tells again, or sees a gap that stays.
#[openapi_macros::path(
    get, path = "/api/rooms/{code}/events/", operation_id = "room_events", tag = "Rooms",
    params(("code" = String, Path, description = "The room's code"), EventsQuery),
    responses(
        (status = 200, description = "The frames, by ascending number", body = Vec<serde_json::Value>),
        (status = 403, description = "`NOT_APPROVED`, `BANNED`"),
        (status = 404, description = "`NO_SUCH_ROOM`"),
        (status = 410, description = "`ROOM_CLOSED`"),
    ),
)]
pub(in crate::inbound::http) async fn list(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Path(code): Path<String>,
    Query(query): Query<EventsQuery>,
) -> Result<Response, HttpError> {
    let code = room_of_path(&code)?;
    let after: EventId = match query.after.as_deref() {
        Some(text) => text.parse().map_err(|_| HttpError::field("after", "The number of an event."))?,
        None => EventId::default(),
    };
    let limit = PageQuery { limit: query.limit, cursor: None }.limit()?;
    let (frames, next) = app::event_frames(&app, identity.user, &code, after, limit).await?;
    let body = format!("[{}]", frames.join(","));
    let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")];
    let mut response = (headers, body).into_response();
    let url = url(&app, &format!("/api/rooms/{code}/events/"));
    let link = next.map(|next| format!("<{url}?after={next}&limit={limit}>; rel=\"next\""));
    if let Some(link) = link.and_then(|link| link.parse().ok()) {
        response.headers_mut().insert(LINK, link);
    }
    Ok(response)
}
