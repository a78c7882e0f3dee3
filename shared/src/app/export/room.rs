//! A copy of a room: what it is, who is in it, and what was said and done.

use std::fmt;
use std::str::FromStr;

use serde_json::json;

use super::{ExportPage, Lines, READS, STEP, event_id, is_kept};
use crate::app::chat::{Reader, event_of, shown};
use crate::app::rooms::shown::author;
use crate::app::rooms::{Standing, standing};
use crate::app::{App, AppError};
use crate::domain::rooms::Act;
use crate::ids::{EventId, InvalidId, RoomCode, UserId};
use crate::ports::Slice;
use crate::protocol::Timestamp;
use crate::store::{Member, Members};

/// Where a page of a room's copy begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoomExportCursor {
    /// Among its people, after somebody.
    Members(Option<UserId>),
    /// Among its events, after one.
    Events(EventId),
}

impl fmt::Display for RoomExportCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Members(None) => f.write_str("members"),
            Self::Members(Some(user)) => write!(f, "members/{user}"),
            Self::Events(id) => write!(f, "events/{id}"),
        }
    }
}

impl FromStr for RoomExportCursor {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let cursor = match text.split_once('/') {
            None if text == "members" => Some(Self::Members(None)),
            Some(("members", user)) => user.parse().ok().map(|user| Self::Members(Some(user))),
            Some(("events", id)) => event_id(id).map(Self::Events),
            _ => None,
        };
        cursor.ok_or(InvalidId { kind: "cursor" })
    }
}

/// A page of a copy of a room, for its host.
pub async fn export_room(
    app: &App,
    user: UserId,
    code: &RoomCode,
    from: Option<RoomExportCursor>,
) -> Result<ExportPage<RoomExportCursor>, AppError> {
    let standing = standing(app, user, code).await?;
    standing.insist_on(Act::Export)?;
    let mut lines = Lines::default();
    if from.is_none() {
        lines.push(&room_line(&standing));
    }
    let mut next = Some(from.unwrap_or(RoomExportCursor::Members(None)));
    for _ in 0..READS {
        let Some(from) = next.filter(|_| !lines.is_full()) else { break };
        next = match from {
            RoomExportCursor::Members(after) => Some(members(app, &standing, after, &mut lines).await?),
            RoomExportCursor::Events(after) => events(app, &standing, after, &mut lines).await?,
        };
    }
    Ok(ExportPage { text: lines.0, next })
}

fn room_line(standing: &Standing) -> serde_json::Value {
    let room = &standing.room;
    json!({
        "kind": "room", "code": room.code, "name": room.name, "description": room.description,
        "host_id": room.host, "entry_mode": room.entry_mode.name(), "is_private": room.is_private,
        "created_at": Timestamp::from_micros(room.created_at),
    })
}

async fn members(
    app: &App,
    standing: &Standing,
    after: Option<UserId>,
    lines: &mut Lines,
) -> Result<RoomExportCursor, AppError> {
    let page = Members(&*app.ports.table).page(&standing.room.code, after, STEP).await?;
    for member in &page.members {
        lines.push(&member_line(app, standing, member));
    }
    Ok(match page.next {
        Some(next) => RoomExportCursor::Members(Some(next)),
        None => RoomExportCursor::Events(EventId::default()),
    })
}

fn member_line(app: &App, standing: &Standing, member: &Member) -> serde_json::Value {
    let who = author(app.settings(), &standing.room, member);
    json!({
        "kind": "member", "id": who.id, "display_name": who.name, "photo": who.photo, "role": who.role,
        "status": member.status.name(), "since": Timestamp::from_micros(member.since),
    })
}

async fn events(
    app: &App,
    standing: &Standing,
    after: EventId,
    lines: &mut Lines,
) -> Result<Option<RoomExportCursor>, AppError> {
    let (room, user) = (&standing.room, standing.user.id);
    let read = app.ports.log.read(&room.code, Slice::after(after, STEP)).await?;
    let more = read.more;
    let head = app.ports.log.head(&room.code).await?;
    let history = shown(app, user, &room.code, read, head).await?;
    let reader = Reader { user: Some(user), ..Reader::default() };
    let mut last = None;
    for entry in &history.entries {
        if lines.is_full() {
            return Ok(last.map(RoomExportCursor::Events));
        }
        last = Some(entry.id);
        if is_kept(entry) && room.keeps(entry.messages, head.messages) {
            let target = history.target(entry);
            lines.push_event(&event_of(app.settings(), room, entry, target, &history.authors, reader));
        }
    }
    Ok(last.filter(|_| more).map(RoomExportCursor::Events))
}
