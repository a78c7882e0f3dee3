//! `POST /api/rooms/source/`: what is watched in a room.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;

use super::choice::ChoiceInput;
use crate::app::{self, App, AppError, Commander};
use crate::inbound::http::error::HttpError;
use crate::inbound::http::input::Input;
use crate::inbound::http::rooms::fields::RoomName;
use crate::inbound::http::signed_in::SignedIn;
use crate::openapi_macros::{self, ToSchema};
use crate::protocol::SourceBody;

#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"room_id": "movie-night", "provider": "youtube", "video_id": "dQw4w9WgXcQ"}))]
pub(in crate::inbound::http) struct SourceInput {
    #[serde(flatten)]
    room: RoomName,
    #[serde(flatten)]
    choice: ChoiceInput,
}

/// Chooses what is watched in a room: for host and co-hosts.
///
/// It begins at 0, paused. The room is told, as by `SET_MEDIA` on a socket.
#[openapi_macros::path(
    post, path = "/api/rooms/source/", operation_id = "choose_source", tag = "Watching", request_body = SourceInput,
    responses(
        (status = 200, description = "This is watched now", body = SourceBody),
        (status = 403, description = "`HOST_ONLY`, `NOT_APPROVED`"),
        (status = 404, description = "`NO_SUCH_ROOM`"),
        (status = 410, description = "`ROOM_CLOSED`"),
        (status = 429, description = "`RATE_LIMITED`"),
    ),
)]
pub(in crate::inbound::http) async fn choose(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Input(input): Input<SourceInput>,
) -> Result<Json<SourceBody>, HttpError> {
    let code = input.room.needed()?;
    let choice = input.choice.choice()?;
    let by = Commander { user: identity.user, sent: None };
    let app::Chosen { room, source } =
        app::set_media(&app, &by, &code, &choice).await?.ok_or(AppError::Busy)?;
    Ok(Json(SourceBody {
        room_id: room.to_string(),
        video_provider: source.provider,
        video_id: source.video_id,
    }))
}
