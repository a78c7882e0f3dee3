//! `GET /openapi.json`: the HTTP API, described for programs.
//!
//! # How a handler is described
//!
//! By an attribute above it, whose names are those of `utoipa`:
//!
//! ```text
//! /// Gives out a ticket for one socket.            the summary: one sentence
//! ///
//! /// It is good for 30 seconds.                    the rest of the comment: the description
//! #[openapi_macros::path(
//!     post, path = "/api/ws-ticket/", operation_id = "issue_ticket", tag = "Accounts",
//!     request_body = TicketInput,                   what `Input<TicketInput>` reads
//!     params(TicketQuery),                          what `Query<TicketQuery>` reads
//!     responses(
//!         (status = 200, description = "The ticket", body = Ticket),
//!         (status = 404, description = "There is no such room (`NO_SUCH_ROOM`)"),
//!         Limited,                                  one that several calls share: see `answers.rs`
//!     ),
//! )]
//! ```
//!
//! Then the handler is named in `openapi/document.rs`, and `cargo xtask openapi` writes the snapshot. Bodies derive
//! [`ToSchema`](crate::openapi_macros::ToSchema), queries [`IntoParams`](crate::openapi_macros::IntoParams); comments on
//! their fields are what the document says of them.
//!
//! The house rules (`openapi/house_rules.rs`) add what holds for every call, so that a handler says nothing of
//!
//! * credentials: a call is for whoever is signed in. `security(())` makes it everybody's, `security((), …)` optional;
//! * errors that any call may answer: 400 and 413, 415 where there is a body, 401, 403 for pages of other sites, 503;
//! * the body of errors, and headers;
//! * forms, which are read wherever JSON is, and that a body without a required field may be left out;
//! * parameters in the query, which are there or not and never null.
//!
//! # What is served
//!
//! A snapshot, `openapi.json`: nothing has to be put together when a function starts, and no function links what puts it
//! together. Tests compare it with the handlers, and the handlers with the router.

#[cfg(feature = "openapi")]
mod bodies;
#[cfg(feature = "openapi")]
mod document;
#[cfg(feature = "openapi")]
mod headers;
#[cfg(feature = "openapi")]
mod house_rules;
#[cfg(feature = "openapi")]
mod security;

use axum::http::HeaderName;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};

use crate::openapi_macros;

#[cfg(feature = "openapi")]
pub use self::document::generated;

/// What was generated last, and is served.
pub const SNAPSHOT: &str = include_str!("openapi.json");

/// Describes all calls, for programs.
#[openapi_macros::path(
    get, path = "/openapi.json", operation_id = "describe", tag = "Service",
    security(()),
    responses((status = 200, description = "An OpenAPI document", body = serde_json::Value)),
)]
pub(super) async fn show() -> ([(HeaderName, &'static str); 2], &'static str) {
    ([(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-cache")], SNAPSHOT)
}
