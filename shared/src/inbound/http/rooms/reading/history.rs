//! Messages of a room: read by page, and found by their words.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use crate::app::{self, App, History, Reader};
use crate::domain::chat::SearchWords;
use crate::ids::{EventId, RoomCode, UserId};
use crate::inbound::http::error::HttpError;
use crate::inbound::http::pages::{page, url};
use crate::inbound::http::rooms::fields::room_of_path;
use crate::inbound::http::signed_in::SignedIn;
use crate::openapi_macros;
use crate::protocol::ChatMessage;
use crate::store::Room;

/// How many messages a page has if nobody says, and at most.
const LIMIT: usize = 50;
const MAX_LIMIT: usize = 100;

#[derive(Deserialize, openapi_macros::IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::inbound::http) struct MessagesQuery {
    /// Those before this message, newest last.
    #[param(value_type = Option<u64>)]
    before: Option<String>,
    /// Those after this message.
    #[param(value_type = Option<u64>)]
    after: Option<String>,
    /// How many, at most 100.
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100)]
    limit: Option<String>,
    /// Words to look for, whatever their case and accents: then the newest come first.
    q: Option<String>,
}

impl MessagesQuery {
    fn limit(&self) -> Result<usize, HttpError> {
        let Some(text) = &self.limit else { return Ok(LIMIT) };
        let number = text.parse().ok().filter(|number| (1..=MAX_LIMIT).contains(number));
        number.ok_or_else(|| HttpError::field("limit", "A whole number from 1 to 100."))
    }
}

fn number(field: &'static str, text: Option<&str>) -> Result<Option<EventId>, HttpError> {
    let number = |text: &str| text.parse().map_err(|_| HttpError::field(field, "The number of a message."));
    text.map(number).transpose()
}

/// Lists a room's messages, newest last: the newest ones, those before one or those after one.
///
/// Deleted ones appear nowhere. `Link` leads to the older ones, with `after` to the newer ones.
///
/// With `q`, those that hold all of its words, the newest first; a call looks through at most 1000 events, and `Link` goes on
/// from there.
#[openapi_macros::path(
    get, path = "/api/rooms/{code}/messages/", operation_id = "messages", tag = "Rooms",
    params(("code" = String, Path, description = "The room's code"), MessagesQuery),
    responses(
        (status = 200, description = "A page; it may be short, even empty, and have a next one", body = [ChatMessage]),
        (status = 403, description = "`NOT_APPROVED`, `BANNED`"),
        (status = 404, description = "`NO_SUCH_ROOM`"),
        (status = 410, description = "`ROOM_CLOSED`"),
    ),
)]
pub(in crate::inbound::http) async fn list(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Path(code): Path<String>,
    Query(query): Query<MessagesQuery>,
) -> Result<Response, HttpError> {
    let (code, limit) = (room_of_path(&code)?, query.limit()?);
    let before = number("before", query.before.as_deref())?;
    if let Some(words) = query.q.as_deref() {
        return search(&app, identity.user, &code, words, before, limit).await;
    }
    let after = number("after", query.after.as_deref())?;
    let (standing, history) = app::messages(&app, identity.user, &code, (before, after), limit).await?;
    let bodies = bodies(&app, &standing.room, &history, identity.user);
    let url = url(&app, &format!("/api/rooms/{code}/messages/"));
    let next = if after.is_some() { history.last_read } else { history.first_read };
    let next = next.filter(|_| history.more);
    let mut parameters = vec![("limit", limit.to_string())];
    if let Some(next) = next {
        parameters.push((if after.is_some() { "after" } else { "before" }, next.to_string()));
    }
    Ok(linked(bodies, &url, &parameters, next.is_some()))
}

async fn search(
    app: &App,
    user: UserId,
    code: &RoomCode,
    words: &str,
    before: Option<EventId>,
    limit: usize,
) -> Result<Response, HttpError> {
    let parsed = SearchWords::parse(words).map_err(|why| HttpError::field("q", why))?;
    let (standing, history, next) = app::search(app, user, code, &parsed, before, limit).await?;
    let mut found = bodies(app, &standing.room, &history, user);
    found.reverse();
    let words = utf8_percent_encode(words, NON_ALPHANUMERIC).to_string();
    let mut parameters = vec![("limit", limit.to_string()), ("q", words)];
    parameters.extend(next.map(|next| ("before", next.to_string())));
    Ok(linked(found, &url(app, &format!("/api/rooms/{code}/messages/")), &parameters, next.is_some()))
}

fn bodies(app: &App, room: &Room, history: &History, user: UserId) -> Vec<ChatMessage> {
    let reader = Reader { user: Some(user), mine: Some(&history.mine), replayed: false };
    let body = |entry| app::message_body(app.settings(), room, entry, &history.authors, reader);
    history.entries.iter().map(body).collect()
}

/// A page whose next one is at these parameters.
fn linked(bodies: Vec<ChatMessage>, url: &str, parameters: &[(&str, String)], has_next: bool) -> Response {
    let mut response = page(bodies, url, &[], None::<String>);
    if has_next {
        let pairs: Vec<String> = parameters.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let link = format!("<{url}?{}>; rel=\"next\"", pairs.join("&"));
        if let Ok(link) = link.parse() {
            response.headers_mut().insert(axum::http::header::LINK, link);
        }
    }
    response
}
