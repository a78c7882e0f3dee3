//! `POST /api/rooms/`: a new room.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;

use super::bodies::made;
use super::fields::{Loose, read, truth};
use crate::app::{self, App, NewRoom};
use crate::domain::rooms::EntryMode;
use crate::inbound::http::error::HttpError;
use crate::inbound::http::input::Input;
use crate::inbound::http::signed_in::SignedIn;
use crate::openapi_macros::{self, ToSchema};
use crate::protocol::MadeRoomBody;

#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"name": "Movie night", "code": "movie-night"}))]
pub(in crate::inbound::http) struct NewRoomInput {
    /// The room's name; without one it is called after its host.
    name: Option<String>,
    /// Its code: letters a to z, digits, _ and -, at most 64; digits alone below 2147483648. Without one it is generated.
    code: Option<Loose>,
    /// Whether it is kept off the public list.
    is_private: Option<Loose>,
    /// `OPEN`, `PASSWORD` or `APPROVAL`; without one `OPEN`, for private rooms `APPROVAL`.
    entry_mode: Option<Loose>,
    /// The password of entry mode `PASSWORD`; without one it is generated.
    password: Option<String>,
}

/// Makes a room.
///
/// Whoever makes it is its host. Guests may not.
#[openapi_macros::path(
    post, path = "/api/rooms/", operation_id = "create_room", tag = "Rooms", request_body = NewRoomInput,
    responses(
        (status = 201, description = "The room", body = MadeRoomBody),
        (status = 403, description = "Guests may not (`GUESTS_MAY_NOT`)"),
        (status = 409, description = "Another room has this code (`CODE_TAKEN`)"),
    ),
)]
pub(in crate::inbound::http) async fn create(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Input(input): Input<NewRoomInput>,
) -> Result<(StatusCode, Json<MadeRoomBody>), HttpError> {
    let new = NewRoom {
        name: input.name,
        code: input.code.as_ref().map(|code| code.name("code")).transpose()?.flatten(),
        is_private: truth("is_private", input.is_private.as_ref())?.unwrap_or(false),
        entry_mode: entry_mode(input.entry_mode.as_ref())?,
        password: input.password,
    };
    let room = app::create_room(&app, identity.user, new).await?;
    Ok((StatusCode::CREATED, Json(made(room))))
}

/// Makes a room, as another call does.
///
/// The same as `POST /api/rooms/`, for clients that know this one.
#[openapi_macros::path(
    post, path = "/api/rooms/create/", operation_id = "create_room_by_its_other_name", tag = "Rooms",
    request_body = NewRoomInput,
    responses(
        (status = 201, description = "The room", body = MadeRoomBody),
        (status = 403, description = "Guests may not (`GUESTS_MAY_NOT`)"),
        (status = 409, description = "Another room has this code (`CODE_TAKEN`)"),
    ),
)]
pub(in crate::inbound::http) async fn create_by_its_other_name(
    app: State<Arc<App>>,
    signed_in: SignedIn,
    input: Input<NewRoomInput>,
) -> Result<(StatusCode, Json<MadeRoomBody>), HttpError> {
    create(app, signed_in, input).await
}

/// A way in by its name on the wire.
pub(super) fn entry_mode(value: Option<&Loose>) -> Result<Option<EntryMode>, HttpError> {
    let name: Option<String> = read("entry_mode", value)?;
    match name.map(|name| name.to_ascii_uppercase()).as_deref() {
        None => Ok(None),
        Some("OPEN") => Ok(Some(EntryMode::Open)),
        Some("PASSWORD") => Ok(Some(EntryMode::Password)),
        Some("APPROVAL") => Ok(Some(EntryMode::Approval)),
        Some(_) => Err(HttpError::field("entry_mode", "OPEN, PASSWORD or APPROVAL.")),
    }
}
