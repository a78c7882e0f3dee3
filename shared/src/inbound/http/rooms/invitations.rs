//! Invitations to a room.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;

use super::fields::{Loose, read, room_of_path};
use crate::app::{self, App};
use crate::inbound::http::error::HttpError;
use crate::inbound::http::input::Input;
use crate::inbound::http::signed_in::SignedIn;
use crate::openapi_macros::{self, ToSchema};
use crate::protocol::{InvitationBody, MadeInvitationBody, StatusBody, Timestamp};
use crate::store::Invitation;

#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"expires_in": 3600, "uses": 5}))]
pub(in crate::inbound::http) struct InvitationInput {
    /// For how many seconds it is good: a week at most, and without this.
    expires_in: Option<Loose>,
    /// How many people may come in by it: 10,000 at most, and without this.
    uses: Option<Loose>,
}

/// Makes an invitation: for host and co-hosts.
///
/// Whoever brings its token comes in without password or approval.
#[openapi_macros::path(
    post, path = "/api/rooms/{code}/invitations/", operation_id = "invite", tag = "Rooms",
    request_body = InvitationInput, params(("code" = String, Path, description = "The room's code")),
    responses(
        (status = 201, description = "The invitation", body = MadeInvitationBody),
        (status = 403, description = "`HOST_ONLY`, `NOT_APPROVED`"),
        (status = 404, description = "`NO_SUCH_ROOM`"),
        (status = 409, description = "There are 100 already (`CONFLICT`)"),
    ),
)]
pub(in crate::inbound::http) async fn invite(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Path(code): Path<String>,
    Input(input): Input<InvitationInput>,
) -> Result<(StatusCode, Json<MadeInvitationBody>), HttpError> {
    let expires_in = read("expires_in", input.expires_in.as_ref())?;
    let uses = read("uses", input.uses.as_ref())?;
    let (made, token) = app::invite(&app, identity.user, &room_of_path(&code)?, expires_in, uses).await?;
    let token = token.reveal();
    // In the fragment, which no server and no log gets to see.
    let url = format!("{}/room.html#invitation={token}", app.settings().public_url);
    let expires_at = Timestamp::from_secs(made.expires_at);
    Ok((
        StatusCode::CREATED,
        Json(MadeInvitationBody { id: made.id, token, url, expires_at, uses: made.uses }),
    ))
}

/// Lists a room's invitations: for host and co-hosts.
#[openapi_macros::path(
    get, path = "/api/rooms/{code}/invitations/", operation_id = "invitations", tag = "Rooms",
    params(("code" = String, Path, description = "The room's code")),
    responses(
        (status = 200, description = "The invitations that are good", body = [InvitationBody]),
        (status = 403, description = "`HOST_ONLY`, `NOT_APPROVED`"),
        (status = 404, description = "`NO_SUCH_ROOM`"),
    ),
)]
pub(in crate::inbound::http) async fn list(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Path(code): Path<String>,
) -> Result<Json<Vec<InvitationBody>>, HttpError> {
    let listed = app::invitations(&app, identity.user, &room_of_path(&code)?).await?;
    let body = |invitation: Invitation| InvitationBody {
        id: invitation.id,
        expires_at: Timestamp::from_secs(invitation.expires_at),
        uses: invitation.uses,
        used: invitation.used,
        created_by: invitation.created_by,
    };
    Ok(Json(listed.into_iter().map(body).collect()))
}

/// Ends an invitation: for host and co-hosts.
#[openapi_macros::path(
    delete, path = "/api/rooms/{code}/invitations/{id}/", operation_id = "end_invitation", tag = "Rooms",
    params(
        ("code" = String, Path, description = "The room's code"),
        ("id" = String, Path, description = "The invitation's name in the list"),
    ),
    responses(
        (status = 200, description = "It is good for nothing any more", body = StatusBody),
        (status = 403, description = "`HOST_ONLY`, `NOT_APPROVED`"),
        (status = 404, description = "`NO_SUCH_ROOM`; there is no such invitation (`NOT_FOUND`)"),
    ),
)]
pub(in crate::inbound::http) async fn end(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Path((code, id)): Path<(String, String)>,
) -> Result<Json<StatusBody>, HttpError> {
    app::end_invitation(&app, identity.user, &room_of_path(&code)?, &id).await?;
    Ok(Json(StatusBody { status: "ended" }))
}
