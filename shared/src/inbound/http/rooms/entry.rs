//! Coming into a room: joining, approving, leaving.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;

use super::fields::{Loose, RoomName, person, room_of_path, truth};
use crate::app::{self, App, EntryPass};
use crate::inbound::http::error::HttpError;
use crate::inbound::http::input::Input;
use crate::inbound::http::signed_in::SignedIn;
use crate::openapi_macros::{self, ToSchema};
use crate::protocol::{ApprovedBody, JoinedBody, StatusBody};

#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"code": "movie-night"}))]
pub(in crate::inbound::http) struct JoinInput {
    #[serde(flatten)]
    room: RoomName,
    /// The room's password.
    password: Option<String>,
    /// The token of an invitation, which names its room itself.
    invitation: Option<String>,
}

/// Comes into a room, or asks to.
///
/// Members and applicants get their present status. Over HTTP nobody is present yet: that begins with a socket.
#[openapi_macros::path(
    post, path = "/api/rooms/join/", operation_id = "join_room", tag = "Rooms", request_body = JoinInput,
    responses(
        (status = 200, description = "Where one stands now", body = JoinedBody),
        (status = 403, description = "`BANNED`, `ROOM_LOCKED`, `ROOM_FULL`, `PASSWORD_REQUIRED`, `WRONG_PASSWORD`, or `DENIED` for ten minutes"),
        (status = 404, description = "`NO_SUCH_ROOM`"),
        (status = 410, description = "`ROOM_CLOSED`, `INVITATION_EXPIRED`"),
    ),
)]
pub(in crate::inbound::http) async fn join(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Input(input): Input<JoinInput>,
) -> Result<Json<JoinedBody>, HttpError> {
    let entry = EntryPass { password: input.password, invitation: input.invitation };
    let code = input.room.code()?;
    let joined = app::join_room(&app, identity.user, code.as_ref(), &entry).await?;
    Ok(Json(JoinedBody {
        room_id: joined.room.code.to_string(),
        code: joined.room.code.to_string(),
        status: joined.status.name(),
        is_host: joined.is_host,
    }))
}

#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"code": "movie-night", "user_id": 2}))]
pub(in crate::inbound::http) struct ApproveInput {
    #[serde(flatten)]
    room: RoomName,
    /// Who asked.
    user_id: Option<Loose>,
    /// Whether they come in; without it they do.
    approve: Option<Loose>,
}

/// Lets an applicant in, or turns them away.
#[openapi_macros::path(
    post, path = "/api/rooms/approve/", operation_id = "approve", tag = "Rooms", request_body = ApproveInput,
    responses(
        (status = 200, description = "Whether they are in", body = ApprovedBody),
        (status = 403, description = "`HOST_ONLY`, `ROOM_FULL`"),
        (status = 404, description = "`NO_SUCH_ROOM`, `NO_SUCH_PERSON`: nobody of that number asks"),
    ),
)]
pub(in crate::inbound::http) async fn approve(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Input(input): Input<ApproveInput>,
) -> Result<Json<ApprovedBody>, HttpError> {
    let code = input.room.needed()?;
    let applicant = person("user_id", input.user_id.as_ref())?;
    let approve = truth("approve", input.approve.as_ref())?.unwrap_or(true);
    let approved = app::decide_applicant(&app, identity.user, &code, applicant, approve).await?;
    Ok(Json(ApprovedBody { approved }))
}

/// Leaves a room.
///
/// A host hands over to somebody else; alone they can't leave. An applicant withdraws.
#[openapi_macros::path(
    post, path = "/api/rooms/{code}/leave/", operation_id = "leave_room", tag = "Rooms",
    params(("code" = String, Path, description = "The room's code")),
    responses(
        (status = 200, description = "They are out", body = StatusBody),
        (status = 404, description = "`NO_SUCH_ROOM`"),
        (status = 409, description = "The host is alone; conversations of two can't be left (`CONFLICT`)"),
    ),
)]
pub(in crate::inbound::http) async fn leave(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Path(code): Path<String>,
) -> Result<Json<StatusBody>, HttpError> {
    app::leave_room(&app, identity.user, &room_of_path(&code)?).await?;
    Ok(Json(StatusBody { status: "left" }))
}
