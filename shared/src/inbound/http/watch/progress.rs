//! How far one has watched something.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;

use crate::app::{self, App};
use crate::domain::watch::Progress;
use crate::inbound::http::error::HttpError;
use crate::inbound::http::input::Input;
use crate::inbound::http::pages::{PageQuery, page, url};
use crate::inbound::http::rooms::fields::{Loose, RoomName, needed, read, room_of_path, truth};
use crate::inbound::http::signed_in::SignedIn;
use crate::openapi_macros::{self, ToSchema};
use crate::protocol::{MAX_TIME, ProgressBody, ResumeBody, Timestamp, WatchedBody, is_label, is_url};
use crate::store::{ProgressNote, Watchable};

#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"room_id": "movie-night", "media_id": "603", "media_type": "movie", "timestamp": 61.5, "duration": 8160}))]
pub(in crate::inbound::http) struct ProgressInput {
    #[serde(flatten)]
    room: RoomName,
    #[serde(flatten)]
    what: WatchableInput,
    /// Where one is, in seconds.
    timestamp: Option<Loose>,
    /// How long it is, in seconds.
    duration: Option<Loose>,
    /// How much of it one has watched; without it, what follows from the other two.
    progress_percent: Option<Loose>,
    /// Whether one has watched it to its end; without it, from 95 percent on.
    completed: Option<Loose>,
}

#[derive(Deserialize, ToSchema, openapi_macros::IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::inbound::http) struct WatchableInput {
    /// What its player calls it.
    #[param(value_type = String)]
    media_id: Option<Loose>,
    /// What it is: `movie`, `tv`, `youtube` …
    #[param(value_type = Option<String>)]
    media_type: Option<Loose>,
    /// The season, of a series.
    #[param(value_type = Option<u32>)]
    season: Option<Loose>,
    /// The episode, of a series.
    #[param(value_type = Option<u32>)]
    episode: Option<Loose>,
}

impl WatchableInput {
    fn watchable(&self) -> Result<Watchable, HttpError> {
        let media_id = self.media_id.as_ref().map(|id| id.name("media_id")).transpose()?.flatten();
        let media_type = self.media_type.as_ref().map(|kind| kind.name("media_type")).transpose()?.flatten();
        let media_id = needed("media_id", media_id)?;
        let media_type = media_type.unwrap_or_else(|| "video".to_owned());
        if !is_url(&media_id) {
            return Err(HttpError::field("media_id", "From 1 to 2048 characters, none of them white space."));
        }
        if !is_label(&media_type) {
            return Err(HttpError::field("media_type", "From 1 to 200 characters."));
        }
        let (season, episode) =
            (read("season", self.season.as_ref())?, read("episode", self.episode.as_ref())?);
        Ok(Watchable { media_id, media_type, season, episode })
    }
}

impl ProgressInput {
    fn progress(&self) -> Result<Progress, HttpError> {
        let position = needed("timestamp", seconds("timestamp", self.timestamp.as_ref())?)?;
        let duration = seconds("duration", self.duration.as_ref())?;
        let percent = seconds("progress_percent", self.progress_percent.as_ref())?;
        Ok(Progress::new(position, duration, percent, truth("completed", self.completed.as_ref())?))
    }
}

fn seconds(field: &'static str, value: Option<&Loose>) -> Result<Option<f64>, HttpError> {
    let seconds: Option<f64> = read(field, value)?;
    match seconds.filter(|seconds| !(0.0..=MAX_TIME).contains(seconds)) {
        Some(_) => Err(HttpError::field(field, "A number, not negative.")),
        None => Ok(seconds),
    }
}

fn body(note: ProgressNote) -> ProgressBody {
    ProgressBody {
        room_id: note.room.to_string(),
        media_id: note.what.media_id,
        media_type: note.what.media_type,
        season: note.what.season,
        episode: note.what.episode,
        timestamp: note.progress.position,
        duration: note.progress.duration,
        progress_percent: note.progress.percent,
        completed: note.progress.completed,
    }
}

/// Saves how far one is with something that is watched in a room: for its members.
#[openapi_macros::path(
    post, path = "/api/rooms/progress/save/", operation_id = "save_progress", tag = "Watching",
    request_body = ProgressInput,
    responses(
        (status = 200, description = "What is known now", body = ProgressBody),
        (status = 403, description = "`NOT_APPROVED`, `BANNED`"),
        (status = 404, description = "`NO_SUCH_ROOM`"),
        (status = 410, description = "`ROOM_CLOSED`"),
        (status = 429, description = "`RATE_LIMITED`"),
    ),
)]
pub(in crate::inbound::http) async fn save(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Input(input): Input<ProgressInput>,
) -> Result<Json<ProgressBody>, HttpError> {
    let code = input.room.needed()?;
    let (what, progress) = (input.what.watchable()?, input.progress()?);
    Ok(Json(body(app::save_progress(&app, identity.user, &code, what, progress).await?)))
}

#[derive(Deserialize, openapi_macros::IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::inbound::http) struct RoomQuery {
    /// The room's code.
    room_id: Option<String>,
}

/// Tells how far one is with something that is watched in a room: for its members.
///
/// Zeros, if nothing is known.
#[openapi_macros::path(
    get, path = "/api/rooms/progress/get/", operation_id = "show_progress", tag = "Watching",
    params(RoomQuery, WatchableInput),
    responses(
        (status = 200, description = "What is known", body = ProgressBody),
        (status = 403, description = "`NOT_APPROVED`, `BANNED`"),
        (status = 404, description = "`NO_SUCH_ROOM`"),
        (status = 410, description = "`ROOM_CLOSED`"),
    ),
)]
pub(in crate::inbound::http) async fn show(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Query(room): Query<RoomQuery>,
    Query(what): Query<WatchableInput>,
) -> Result<Json<ProgressBody>, HttpError> {
    let code = room_of_path(&needed("room_id", room.room_id)?)?;
    Ok(Json(body(app::progress(&app, identity.user, &code, what.watchable()?).await?)))
}

/// Tells where one left off in what a room watches: for its members.
#[openapi_macros::path(
    get, path = "/api/rooms/{code}/resume/", operation_id = "resume_point", tag = "Watching",
    params(("code" = String, Path, description = "The room's code")),
    responses(
        (status = 200, description = "What is known; zeros at first", body = ResumeBody),
        (status = 403, description = "`NOT_APPROVED`, `BANNED`"),
        (status = 404, description = "`NO_SUCH_ROOM`"),
        (status = 410, description = "`ROOM_CLOSED`"),
    ),
)]
pub(in crate::inbound::http) async fn resume(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Path(code): Path<String>,
) -> Result<Json<ResumeBody>, HttpError> {
    let progress = app::resume_point(&app, identity.user, &room_of_path(&code)?).await?;
    Ok(Json(ResumeBody {
        progress_percent: progress.percent,
        last_position_seconds: progress.position,
        completed: progress.completed,
    }))
}

/// Lists all that one has watched in the last year, in no particular order.
#[openapi_macros::path(
    get, path = "/api/user-profile/progress/", operation_id = "all_progress", tag = "Watching", params(PageQuery),
    responses((status = 200, description = "A page; `Link` leads to the next one", body = [WatchedBody])),
)]
pub(in crate::inbound::http) async fn list(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Query(query): Query<PageQuery>,
) -> Result<Response, HttpError> {
    let limit = query.limit()?;
    let after = query.cursor::<String>()?;
    let (notes, next) = app::all_progress(&app, identity.user, after.as_deref(), limit).await?;
    let watched = |note: ProgressNote| WatchedBody {
        title: note.title.clone(),
        saved_at: Timestamp::from_micros(note.saved_at),
        progress: body(note),
    };
    let watched: Vec<WatchedBody> = notes.into_iter().map(watched).collect();
    Ok(page(watched, &url(&app, "/api/user-profile/progress/"), &[("limit", limit.to_string())], next))
}
