//! Rooms whose codes are numbers, as an app knows them for which they are groups.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;

use super::group_bodies::{Group, GroupPerson};
use crate::app::{self, App, AppError, OwnRoom, RoomRefusal};
use crate::domain::rooms::Status;
use crate::ids::{RoomCode, UserId};
use crate::inbound::http::error::HttpError;
use crate::inbound::http::input::Input;
use crate::inbound::http::pages::{PageQuery, page, url};
use crate::inbound::http::rooms::messages::{self, ReadInput};
use crate::inbound::http::signed_in::SignedIn;
use crate::openapi_macros;
use crate::protocol::{StatusBody, Timestamp, conversation_number};
use crate::store::Room;

/// How many people are found at most.
const MOST_FOUND: usize = 50;
/// How many pages of one's rooms are looked through for one of this list.
const MAX_PAGES: usize = 10;

/// A group's number and code. What isn't a number names none.
pub(super) fn group_of_path(text: &str) -> Result<(u64, RoomCode), HttpError> {
    let code: Option<RoomCode> = text.parse().ok();
    let group = code.and_then(|code| Some((conversation_number(&code)?, code)));
    group.ok_or_else(|| AppError::from(RoomRefusal::NoSuchRoom).into())
}

/// One's own rooms whose codes are numbers.
#[openapi_macros::path(
    get, path = "/api/chat/groups/", operation_id = "groups", tag = "Groups", params(PageQuery),
    responses((status = 200, description = "A page; `Link` leads to the next one", body = [Group])),
)]
pub(in crate::inbound::http) async fn mine(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Query(query): Query<PageQuery>,
) -> Result<Response, HttpError> {
    let (mut after, limit): (Option<RoomCode>, usize) = (query.cursor()?, query.limit()?);
    let mut groups = Vec::new();
    for _ in 0..MAX_PAGES {
        let (rooms, next) = own_groups(&app, identity.user, after.as_ref(), limit - groups.len()).await?;
        for (id, own) in rooms {
            groups.push(group(&app, id, own).await?);
        }
        after = next;
        if after.is_none() || groups.len() >= limit {
            break;
        }
    }
    Ok(page(groups, &url(&app, "/api/chat/groups/"), &[("limit", limit.to_string())], after))
}

type Groups = Vec<(u64, OwnRoom)>;

async fn own_groups(
    app: &App,
    user: UserId,
    after: Option<&RoomCode>,
    limit: usize,
) -> Result<(Groups, Option<RoomCode>), AppError> {
    let has_number = |room: &Room| conversation_number(&room.code).is_some();
    let (rooms, next) = app::own_rooms(app, user, after, limit, has_number).await?;
    let is_in = |own: &OwnRoom| own.member.status == Status::Approved;
    let groups = rooms.into_iter().filter(is_in);
    Ok((groups.filter_map(|own| Some((conversation_number(&own.room.code)?, own))).collect(), next))
}

async fn group(app: &App, id: u64, own: OwnRoom) -> Result<Group, AppError> {
    let summary = app::summary(app, &own).await?;
    let members_count = app::members_count(app, &own.room.code).await?;
    let created_at = Timestamp::from_micros(own.room.created_at);
    let updated_at = summary.last_message.as_ref().map_or(created_at, |message| message.created_at);
    Ok(Group {
        id,
        name: own.room.name,
        description: own.room.description,
        members_count,
        unread_count: summary.unread,
        room_avatar: (),
        created_at,
        updated_at,
        last_message: summary.last_message.map(Into::into),
    })
}

#[derive(Deserialize, openapi_macros::IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::inbound::http) struct MembersQuery {
    /// A part of their name; everybody without it.
    q: Option<String>,
}

/// Finds members of a group by a part of their name.
#[openapi_macros::path(
    get, path = "/api/chat/groups/{id}/search/members/", operation_id = "group_members", tag = "Groups",
    params(("id" = u64, Path, description = "The group's number"), MembersQuery),
    responses(
        (status = 200, description = "At most 50", body = [GroupPerson]),
        (status = 403, description = "`NOT_APPROVED`, `BANNED`"),
        (status = 404, description = "`NO_SUCH_ROOM`"),
        (status = 410, description = "`ROOM_CLOSED`"),
    ),
)]
pub(in crate::inbound::http) async fn members(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Path(id): Path<String>,
    Query(query): Query<MembersQuery>,
) -> Result<Json<Vec<GroupPerson>>, HttpError> {
    let (_, code) = group_of_path(&id)?;
    let text = query.q.unwrap_or_default();
    let members = app::find_members(&app, identity.user, &code, &text, MOST_FOUND).await?;
    Ok(Json(members.into_iter().map(GroupPerson::from).collect()))
}

/// Notes up to where one has read in a group.
///
/// The same as `POST /api/rooms/{code}/read/`, for clients that know this one.
#[openapi_macros::path(
    post, path = "/api/chat/groups/{id}/mark-as-read/", operation_id = "mark_group_read", tag = "Groups",
    request_body = ReadInput,
    params(("id" = u64, Path, description = "The group's number")),
    responses(
        (status = 200, description = "It is noted", body = StatusBody),
        (status = 403, description = "`NOT_APPROVED`, `BANNED`"),
        (status = 404, description = "`NO_SUCH_ROOM`"),
        (status = 410, description = "`ROOM_CLOSED`"),
    ),
)]
pub(in crate::inbound::http) async fn mark_read(
    app: State<Arc<App>>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    input: Input<ReadInput>,
) -> Result<Json<StatusBody>, HttpError> {
    let (_, code) = group_of_path(&id)?;
    messages::mark_read(app, signed_in, Path(code.to_string()), input).await
}
