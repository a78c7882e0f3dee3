//! `POST /api/ws-ticket/`

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, HeaderName};
use serde::Serialize;

use super::error::HttpError;
use super::signed_in::SignedIn;
use crate::app::{self, App, TICKET_LIFE};

#[derive(Serialize)]
pub(super) struct Ticket {
    ticket: String,
    expires_in: i64,
}

/// Gives out a ticket for one socket.
pub(super) async fn issue(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
) -> Result<([(HeaderName, &'static str); 1], Json<Ticket>), HttpError> {
    let ticket = app::issue_ticket(&app, &identity).await?.reveal();
    Ok(([(CACHE_CONTROL, "no-store")], Json(Ticket { ticket, expires_in: TICKET_LIFE })))
}
