//! `POST /api/ws-ticket/`

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, HeaderName};
use serde::{Deserialize, Serialize};

use crate::app::{self, App, RoomRefusal, TICKET_LIFE};
use crate::inbound::http::answers::Limited;
use crate::inbound::http::error::HttpError;
use crate::inbound::http::input::Input;
use crate::inbound::http::signed_in::SignedIn;
use crate::inbound::socket_path::endpoint;
use crate::openapi_macros::{self, ToSchema};

#[derive(Serialize, ToSchema)]
pub(in crate::inbound::http) struct Ticket {
    /// Good once, as `?token=` or as the sub-protocol `ticket.<ticket>`.
    ticket: String,
    /// For how many seconds it is good.
    expires_in: i64,
}

#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"path": "/ws/room/kino/"}))]
pub(in crate::inbound::http) struct TicketInput {
    /// The path of the socket that is to be opened, if it is to be known whether it may be.
    path: Option<String>,
}

/// Gives out a ticket for one socket.
///
/// With a `path`, the answer is the refusal that its handshake would get, if it would be refused: browsers can't read
/// that of a handshake. The ticket is good for any socket.
#[openapi_macros::path(
    post, path = "/api/ws-ticket/", operation_id = "issue_ticket", tag = "Accounts", request_body = TicketInput,
    responses(
        (status = 200, description = "The ticket", body = Ticket),
        (status = 403, description = "`BANNED`, `NOT_APPROVED`"),
        (status = 404, description = "`NO_SUCH_ROOM`, also where nothing is at that path"),
        (status = 410, description = "`ROOM_CLOSED`"),
        Limited,
    ),
)]
pub(in crate::inbound::http) async fn issue(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Input(input): Input<TicketInput>,
) -> Result<([(HeaderName, &'static str); 1], Json<Ticket>), HttpError> {
    if let Some(path) = &input.path {
        let path = path.split('?').next().unwrap_or_default();
        let endpoint = endpoint(path).ok_or(app::AppError::from(RoomRefusal::NoSuchRoom))?;
        app::may_connect(&app, identity.user, &endpoint).await?;
    }
    let ticket = app::issue_ticket(&app, &identity).await?.reveal();
    Ok(([(CACHE_CONTROL, "no-store")], Json(Ticket { ticket, expires_in: TICKET_LIFE })))
}
