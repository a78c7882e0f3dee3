//! Lists that come in pages: `?limit=` and `?cursor=`, and a `Link` to the next one.

use std::fmt::Display;
use std::str::FromStr;

use axum::http::HeaderValue;
use axum::http::header::LINK;
use axum::response::{IntoResponse, Response};
use axum::{Json, http};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::inbound::http::error::HttpError;
use crate::openapi_macros;

/// How many entries a page has if nobody says, and at most.
const LIMIT: usize = 100;
const MAX_LIMIT: usize = 100;

/// Which page of a list.
#[derive(Deserialize, openapi_macros::IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::inbound::http) struct PageQuery {
    /// How many entries, at most 100.
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100)]
    pub(in crate::inbound::http) limit: Option<String>,
    /// Where the page begins, as the `Link` of the one before says.
    pub(in crate::inbound::http) cursor: Option<String>,
}

impl PageQuery {
    /// How many entries are wanted.
    pub(in crate::inbound::http) fn limit(&self) -> Result<usize, HttpError> {
        let Some(text) = &self.limit else { return Ok(LIMIT) };
        let number = text.parse().ok().filter(|number| (1..=MAX_LIMIT).contains(number));
        number.ok_or_else(|| HttpError::field("limit", format!("A whole number from 1 to {MAX_LIMIT}.")))
    }

    /// Where the page begins. Clients see a text that means nothing to them.
    pub(in crate::inbound::http) fn cursor<T: FromStr>(&self) -> Result<Option<T>, HttpError> {
        let Some(text) = &self.cursor else { return Ok(None) };
        let plain = URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let cursor = plain.and_then(|plain| plain.parse().ok());
        cursor.map(Some).ok_or_else(|| HttpError::field("cursor", "This is no cursor of this call."))
    }
}

/// Where a page begins whose length is not for the client to choose.
#[derive(Deserialize, openapi_macros::IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::inbound::http) struct CursorQuery {
    /// Where the page begins, as the `Link` of the one before says.
    cursor: Option<String>,
}

impl CursorQuery {
    /// Where the page begins.
    pub(in crate::inbound::http) fn cursor<T: FromStr>(self) -> Result<Option<T>, HttpError> {
        PageQuery { limit: None, cursor: self.cursor }.cursor()
    }
}

/// A page, and where the next one is: at `url` with the same parameters and another cursor.
pub(in crate::inbound::http) fn page<T: Serialize>(
    entries: Vec<T>,
    url: &str,
    parameters: &[(&str, String)],
    next: Option<impl Display>,
) -> Response {
    let mut response = Json(entries).into_response();
    if let Some(next) = next.and_then(|next| link(url, parameters, &next.to_string())) {
        response.headers_mut().insert(LINK, next);
    }
    response.headers_mut().insert(http::header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// A path as an absolute URL: pages from elsewhere follow links, too.
pub(in crate::inbound::http) fn url(app: &App, path: &str) -> String {
    format!("{}{path}", app.settings().public_url)
}

/// A link to the next page.
pub(in crate::inbound::http) fn link(
    url: &str,
    parameters: &[(&str, String)],
    next: &str,
) -> Option<HeaderValue> {
    let cursor = ("cursor", URL_SAFE_NO_PAD.encode(next));
    let parameters = parameters.iter().chain([&cursor]);
    let pairs: Vec<_> = parameters
        .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)))
        .collect();
    HeaderValue::from_str(&format!("<{url}?{}>; rel=\"next\"", pairs.join("&"))).ok()
}
