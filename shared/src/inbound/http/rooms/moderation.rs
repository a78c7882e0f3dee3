//! What host and co-hosts do to people: `POST /api/rooms/{code}/kick/` and its like.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;

use super::fields::{Loose, person, read, room_of_path};
use crate::app::{self, App, AppError, Appointment, Measure, RoomRefusal};
use crate::inbound::http::error::HttpError;
use crate::inbound::http::input::Input;
use crate::inbound::http::signed_in::SignedIn;
use crate::openapi_macros::{self, ToSchema};
use crate::protocol::StatusBody;

#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"user_id": 2}))]
pub(in crate::inbound::http) struct PersonInput {
    /// To whom it is done.
    user_id: Option<Loose>,
    /// For muting: for how long; without it until further notice.
    seconds: Option<Loose>,
}

macro_rules! measure {
    ($name:ident, $path:literal, $id:literal, $status:literal, $done:literal, $(#[doc = $doc:literal])+, |$user:ident, $seconds:ident, $app:ident, $actor:ident, $code:ident| $act:expr) => {
        $(#[doc = $doc])+
        #[openapi_macros::path(
            post, path = $path, operation_id = $id, tag = "Rooms", request_body = PersonInput,
            params(("code" = String, Path, description = "The room's code")),
            responses(
                (status = 200, description = $done, body = StatusBody),
                (status = 403, description = "`HOST_ONLY`, `NOT_APPROVED`"),
                (status = 404, description = "`NO_SUCH_ROOM`, `NO_SUCH_PERSON`"),
                (status = 410, description = "`ROOM_CLOSED`"),
            ),
        )]
        pub(in crate::inbound::http) async fn $name(
            State($app): State<Arc<App>>,
            SignedIn(identity): SignedIn,
            Path(code): Path<String>,
            Input(input): Input<PersonInput>,
        ) -> Result<Json<StatusBody>, HttpError> {
            let $code = room_of_path(&code)?;
            let $user = person("user_id", input.user_id.as_ref())?;
            let $seconds: Option<u64> = read("seconds", input.seconds.as_ref())?;
            let ($actor, $app) = (identity.user, &*$app);
            $act.await?;
            Ok(Json(StatusBody { status: $status }))
        }
    };
}

measure!(kick, "/api/rooms/{code}/kick/", "kick", "kicked", "Their sockets here are closed",
    /// Closes somebody's sockets here.
    ///
    /// They stay a member, and may come back.
    , |user, _seconds, app, actor, code| app::moderate(app, actor, &code, user, Measure::Kick));
measure!(ban, "/api/rooms/{code}/ban/", "ban", "banned", "They are out, and can't come back",
    /// Keeps somebody out, also somebody who never came in.
    , |user, _seconds, app, actor, code| app::moderate(app, actor, &code, user, Measure::Ban));
measure!(unban, "/api/rooms/{code}/unban/", "unban", "unbanned", "They may come in again",
    /// Lets somebody come in again.
    , |user, _seconds, app, actor, code| app::moderate(app, actor, &code, user, Measure::Unban));
measure!(mute, "/api/rooms/{code}/mute/", "mute", "muted", "They may not speak",
    /// Silences somebody, for a time or until further notice.
    , |user, seconds, app, actor, code| app::moderate(app, actor, &code, user, Measure::Mute(seconds)));
measure!(unmute, "/api/rooms/{code}/unmute/", "unmute", "unmuted", "They may speak again",
    /// Lets somebody speak again.
    , |user, _seconds, app, actor, code| app::moderate(app, actor, &code, user, Measure::Unmute));
measure!(host, "/api/rooms/{code}/host/", "pass_host", "host", "They are host",
    /// Makes somebody host and owner in one's own place.
    , |user, _seconds, app, actor, code| app::appoint(app, actor, &code, user, Appointment::Host));
measure!(cohost, "/api/rooms/{code}/cohost/", "make_cohost", "cohost", "They are a co-host",
    /// Makes somebody a co-host.
    , |user, _seconds, app, actor, code| app::appoint(app, actor, &code, user, Appointment::CoHost));
measure!(uncohost, "/api/rooms/{code}/uncohost/", "remove_cohost", "member", "They are a co-host no more",
    /// Makes a co-host a member again.
    , |user, _seconds, app, actor, code| app::appoint(app, actor, &code, user, Appointment::Member));

/// Makes somebody a member no more.
///
/// One's own number leaves.
#[openapi_macros::path(
    delete, path = "/api/rooms/{code}/members/{id}/", operation_id = "remove_member", tag = "Rooms",
    params(("code" = String, Path, description = "The room's code"), ("id" = u64, Path, description = "Whom")),
    responses(
        (status = 200, description = "They are out", body = StatusBody),
        (status = 403, description = "`HOST_ONLY`, `NOT_APPROVED`"),
        (status = 404, description = "`NO_SUCH_ROOM`, `NO_SUCH_PERSON`"),
    ),
)]
pub(in crate::inbound::http) async fn remove(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Path((code, id)): Path<(String, String)>,
) -> Result<Json<StatusBody>, HttpError> {
    let code = room_of_path(&code)?;
    let user = id.parse().map_err(|_| AppError::from(RoomRefusal::NoSuchPerson))?;
    if user == identity.user {
        app::leave_room(&app, user, &code).await?;
        return Ok(Json(StatusBody { status: "left" }));
    }
    app::moderate(&app, identity.user, &code, user, Measure::Remove).await?;
    Ok(Json(StatusBody { status: "removed" }))
}
