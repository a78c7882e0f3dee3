//! `GET /api/rooms/search/`: what can be watched here.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use serde::Deserialize;

use crate::app::{self, App};
use crate::inbound::http::error::HttpError;
use crate::inbound::http::signed_in::SignedIn;
use crate::openapi_macros;
use crate::protocol::FoundBody;

/// As far as the description's whole numbers of 32 bits go.
const MAX_PAGE: u32 = i32::MAX as u32;

#[derive(Deserialize, openapi_macros::IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::inbound::http) struct SearchQuery {
    /// Words of its title; without them, everything.
    q: Option<String>,
    /// Which page, from 1.
    #[param(value_type = Option<u32>, minimum = 1)]
    page: Option<String>,
}

/// Finds what one may watch of this Parlor: the sounds that come with it, and the audio and video that one has uploaded.
///
/// Twenty to a page. `provider` and `stream_id` are what `POST /api/rooms/source/` takes as `provider` and `video_id`.
#[openapi_macros::path(
    get, path = "/api/rooms/search/", operation_id = "search_media", tag = "Watching", params(SearchQuery),
    responses((status = 200, description = "A page; an empty one after the last", body = [FoundBody])),
)]
pub(in crate::inbound::http) async fn search(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Query(query): Query<SearchQuery>,
) -> Result<Json<Vec<FoundBody>>, HttpError> {
    let page: u32 = match query.page.as_deref().filter(|page| !page.is_empty()) {
        Some(text) => text.parse().ok().filter(|page| (1..=MAX_PAGE).contains(page)),
        None => Some(1),
    }
    .ok_or_else(|| HttpError::field("page", "A whole number from 1."))?;
    let found = app::search_media(&app, identity.user, query.q.as_deref().unwrap_or_default(), page).await?;
    let body = |found: app::FoundTitle| FoundBody {
        provider: "media",
        stream_id: found.id,
        media_type: found.kind,
        title: found.title,
        poster: None,
        release_year: None,
    };
    Ok(Json(found.into_iter().map(body).collect()))
}
