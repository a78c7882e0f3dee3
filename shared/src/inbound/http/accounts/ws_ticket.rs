//! `POST /api/ws-ticket/`

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, HeaderName};
use serde::Serialize;

use crate::app::{self, App, TICKET_LIFE};
use crate::inbound::http::answers::Limited;
use crate::inbound::http::error::HttpError;
use crate::inbound::http::signed_in::SignedIn;
use crate::openapi_macros::{self, ToSchema};

#[derive(Serialize, ToSchema)]
pub(in crate::inbound::http) struct Ticket {
    /// Good once, as `?token=` or as the sub-protocol `ticket.<ticket>`.
    ticket: String,
    /// For how many seconds it is good.
    expires_in: i64,
}

/// Gives out a ticket for one socket.
#[openapi_macros::path(
    post, path = "/api/ws-ticket/", operation_id = "issue_ticket", tag = "Accounts",
    responses(
        (status = 200, description = "The ticket", body = Ticket),
        Limited,
    ),
)]
pub(in crate::inbound::http) async fn issue(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
) -> Result<([(HeaderName, &'static str); 1], Json<Ticket>), HttpError> {
    let ticket = app::issue_ticket(&app, &identity).await?.reveal();
    Ok(([(CACHE_CONTROL, "no-store")], Json(Ticket { ticket, expires_in: TICKET_LIFE })))
}
