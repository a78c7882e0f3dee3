//! `GET /api/auth/sessions/` and `DELETE /api/auth/sessions/{id}/`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Serialize;

use crate::app::{self, App, AppError, OwnSession};
use crate::ids::SessionId;
use crate::inbound::http::error::HttpError;
use crate::inbound::http::signed_in::SignedIn;
use crate::openapi_macros::{self, ToSchema};
use crate::protocol::Timestamp;

/// One of one's own sign-ins.
#[derive(Serialize, ToSchema)]
pub(in crate::inbound::http) struct SessionBody {
    /// Its name. It is no secret: nobody signs in with it.
    #[schema(value_type = String)]
    id: SessionId,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was used last, to within a day; a guest's to within an hour.
    #[schema(value_type = String, format = DateTime)]
    last_used_at: Timestamp,
    /// Whether it is the one that asks.
    is_current: bool,
}

impl From<OwnSession> for SessionBody {
    fn from(session: OwnSession) -> Self {
        let OwnSession { id, created_at, used_at, is_current } = session;
        Self { id, created_at, last_used_at: used_at, is_current }
    }
}

/// Lists where one is signed in, the newest sign-in first.
#[openapi_macros::path(
    get, path = "/api/auth/sessions/", operation_id = "list_sessions", tag = "Accounts",
    responses((status = 200, description = "One's sign-ins", body = [SessionBody])),
)]
pub(in crate::inbound::http) async fn list(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
) -> Result<Json<Vec<SessionBody>>, HttpError> {
    let sessions = app::own_sessions(&app, &identity).await?;
    Ok(Json(sessions.into_iter().map(SessionBody::from).collect()))
}

/// Ends one of one's own sign-ins.
///
/// Its tokens die at once, its sockets are closed.
#[openapi_macros::path(
    delete, path = "/api/auth/sessions/{id}/", operation_id = "end_session", tag = "Accounts",
    params(("id" = String, Path, description = "Which one")),
    responses(
        (status = 204, description = "It has ended"),
        (status = 404, description = "One has no such sign-in, or not any more (`NOT_FOUND`)"),
    ),
)]
pub(in crate::inbound::http) async fn end(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Path(id): Path<String>,
) -> Result<StatusCode, HttpError> {
    let id: SessionId = id.parse().map_err(|_| AppError::NotFound)?;
    app::end_own_session(&app, &identity, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
