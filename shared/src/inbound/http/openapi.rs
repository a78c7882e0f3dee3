//! `GET /openapi.json`: the HTTP API, described for programs.
//!
//! Each handler describes itself, beside its code; `document.rs` lists them, and adds what holds for all. What is served is
//! a snapshot of that, `openapi.json`: so nothing has to be put together when a function starts, and no function links
//! what puts it together. A test compares the two, and the list with the router; `cargo xtask openapi` makes the
//! snapshot anew.

#[cfg(feature = "openapi")]
mod document;
#[cfg(feature = "openapi")]
mod house_rules;

use axum::http::HeaderName;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};

#[cfg(feature = "openapi")]
pub use self::document::generated;

/// What was generated last, and is served.
pub const SNAPSHOT: &str = include_str!("openapi.json");

/// Describes all calls, for programs.
#[cfg_attr(feature = "openapi", utoipa::path(
    get, path = "/openapi.json", operation_id = "describe", tag = "Service",
    responses((status = 200, description = "An OpenAPI document", body = serde_json::Value)),
))]
pub(super) async fn show() -> ([(HeaderName, &'static str); 2], &'static str) {
    ([(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-cache")], SNAPSHOT)
}
