//! The messages of a group in numbered pages, the newest first.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use super::group_bodies::GroupMessage;
use super::groups::group_of_path;
use crate::app::{self, App, NumberedPage, Reader};
use crate::ids::UserId;
use crate::inbound::http::error::HttpError;
use crate::inbound::http::signed_in::SignedIn;
use crate::openapi_macros::{self, ToSchema};
use crate::protocol::ErrorCode;

/// How many messages a page has if nobody says, and at most.
const SIZE: usize = 50;
const MAX_SIZE: usize = 100;

#[derive(Deserialize, openapi_macros::IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::inbound::http) struct NumberQuery {
    /// Which page, from 1.
    #[param(value_type = Option<u64>, minimum = 1)]
    page: Option<String>,
    /// How many messages a page has, at most 100.
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100)]
    page_size: Option<String>,
}

impl NumberQuery {
    /// What is no number is no page.
    fn page(&self) -> Option<u64> {
        self.page.as_ref().map_or(Some(1), |text| text.parse().ok())
    }

    /// What is no size, or too large, is read leniently, as these clients are used to.
    fn size(&self) -> usize {
        let size = self.page_size.as_ref().and_then(|text| text.parse().ok()).filter(|size| *size > 0);
        size.unwrap_or(SIZE).min(MAX_SIZE)
    }
}

/// A page of a group's messages.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::inbound::http) struct GroupMessages {
    /// How many messages there are on all pages.
    count: u64,
    /// URL of the page of older ones.
    #[schema(required)]
    next: Option<String>,
    /// URL of the page of newer ones.
    #[schema(required)]
    previous: Option<String>,
    /// The messages, the newest first. Deleted ones are left out, though they count.
    results: Vec<GroupMessage>,
}

/// Lists a group's messages page by page, the newest first.
#[openapi_macros::path(
    get, path = "/api/chat/groups/{id}/messages/", operation_id = "group_messages", tag = "Groups",
    params(("id" = u64, Path, description = "The group's number"), NumberQuery),
    responses(
        (status = 200, description = "The page", body = GroupMessages),
        (status = 403, description = "`NOT_APPROVED`, `BANNED`"),
        (status = 404, description = "`NO_SUCH_ROOM`; there is no such page (`NOT_FOUND`)"),
        (status = 410, description = "`ROOM_CLOSED`"),
    ),
)]
pub(in crate::inbound::http) async fn list(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Path(id): Path<String>,
    Query(query): Query<NumberQuery>,
) -> Result<Json<GroupMessages>, HttpError> {
    let (group, code) = group_of_path(&id)?;
    let size = query.size();
    let number = query.page().unwrap_or(0);
    let page = app::numbered_page(&app, identity.user, &code, number, size).await?.ok_or_else(no_page)?;
    let url = |number| {
        let public_url = &app.settings().public_url;
        format!("{public_url}/api/chat/groups/{group}/messages/?page={number}&page_size={size}")
    };
    Ok(Json(GroupMessages {
        count: page.count,
        next: page.has_next.then(|| url(number.saturating_add(1))),
        previous: (number > 1).then(|| url(number - 1)),
        results: results(&app, group, &page, identity.user),
    }))
}

fn no_page() -> HttpError {
    HttpError::new(StatusCode::NOT_FOUND, ErrorCode::NotFound, "There is no such page.")
}

fn results(app: &App, group: u64, page: &NumberedPage, user: UserId) -> Vec<GroupMessage> {
    let NumberedPage { standing, history, .. } = page;
    let reader = Reader { user: Some(user), mine: Some(&history.mine), replayed: false };
    let body = |entry| app::message_body(app.settings(), &standing.room, entry, &history.authors, reader);
    history.entries.iter().rev().map(|entry| GroupMessage::of(group, body(entry))).collect()
}
