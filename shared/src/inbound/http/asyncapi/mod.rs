//! `GET /asyncapi.json`: the sockets, described for programs, as `/openapi.json` describes the calls.
//!
//! The description is made from the types of `protocol`: events from the table that makes them (`events!`), commands from the
//! table beside their parsers (`protocol::described`), examples from `protocol::samples`. An event or a command that is
//! added there is in the document as soon as `cargo xtask openapi` has written the snapshot. What is served is that
//! snapshot; tests hold it against the types, the parsers and the contract's tables.

#[cfg(feature = "openapi")]
mod channels;
#[cfg(feature = "openapi")]
mod codes;
#[cfg(feature = "openapi")]
mod commands;
#[cfg(feature = "openapi")]
mod document;
#[cfg(feature = "openapi")]
mod events;
#[cfg(feature = "openapi")]
mod node;

use axum::http::HeaderName;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};

use crate::openapi_macros;

#[cfg(feature = "openapi")]
pub use self::document::generated;

/// What was generated last, and is served.
pub const SNAPSHOT: &str = include_str!("asyncapi.json");

/// Describes all sockets, for programs.
#[openapi_macros::path(
    get, path = "/asyncapi.json", operation_id = "describe_sockets", tag = "Service",
    security(()),
    responses((status = 200, description = "An AsyncAPI document", body = serde_json::Value)),
)]
pub(super) async fn show() -> ([(HeaderName, &'static str); 2], &'static str) {
    ([(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-cache")], SNAPSHOT)
}
