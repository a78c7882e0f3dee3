//! A copy of one's own data: oneself, whom one has blocked, what one has uploaded, and in each room what one has said and done.

use std::fmt;
use std::str::FromStr;

use serde_json::json;

use super::{ExportPage, Lines, READS, STEP, event_id, is_kept};
use crate::app::chat::{Reader, blocked, event_of, shown};
use crate::app::rooms::shown::media_url;
use crate::app::{App, AppError, profile};
use crate::ids::{EventId, InvalidId, MediaId, RoomCode, UserId};
use crate::ports::{Entries, Slice};
use crate::protocol::Timestamp;
use crate::store::{Media, OwnedMedia, PersonRooms, Room, Rooms, User};

/// How a cursor among one's media begins: no room's code does.
const MEDIA: &str = ":media/";

/// Where a page of one's copy begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwnExportCursor {
    /// Among one's media, after one.
    Media(Option<MediaId>),
    /// In a room, after an event.
    Room(RoomCode, EventId),
}

impl fmt::Display for OwnExportCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Media(None) => f.write_str(MEDIA),
            Self::Media(Some(after)) => write!(f, "{MEDIA}{after}"),
            Self::Room(code, after) => write!(f, "{code}/{after}"),
        }
    }
}

impl FromStr for OwnExportCursor {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let invalid = InvalidId { kind: "cursor" };
        if let Some(after) = text.strip_prefix(MEDIA) {
            let after = if after.is_empty() { None } else { Some(after.parse().map_err(|_| invalid)?) };
            return Ok(Self::Media(after));
        }
        let place = text.split_once('/');
        let place = place.and_then(|(code, after)| Some(Self::Room(code.parse().ok()?, event_id(after)?)));
        place.ok_or(invalid)
    }
}

/// A page of a copy of one's own data.
pub async fn export_own(
    app: &App,
    user: UserId,
    from: Option<OwnExportCursor>,
) -> Result<ExportPage<OwnExportCursor>, AppError> {
    let mut lines = Lines::default();
    let mut next = from;
    if next.is_none() {
        about(app, &profile(app, user).await?, &mut lines).await?;
        next = Some(OwnExportCursor::Media(None));
    }
    for _ in 0..READS {
        let Some(from) = next.take_if(|_| !lines.is_full()) else { break };
        next = match from {
            OwnExportCursor::Media(after) => match media(app, user, after, &mut lines).await? {
                Some(after) => Some(OwnExportCursor::Media(Some(after))),
                None => room_after(app, user, None, &mut lines).await?,
            },
            OwnExportCursor::Room(code, after) => match events(app, user, &code, after, &mut lines).await? {
                Some(after) => Some(OwnExportCursor::Room(code, after)),
                None => room_after(app, user, Some(&code), &mut lines).await?,
            },
        };
    }
    Ok(ExportPage { text: lines.0, next })
}

/// Writes down some of one's media, with where their bytes are; answers after which one the rest comes.
async fn media(
    app: &App,
    user: UserId,
    after: Option<MediaId>,
    lines: &mut Lines,
) -> Result<Option<MediaId>, AppError> {
    let table = &*app.ports.table;
    let (ids, has_more) = OwnedMedia(table).after(user, after, STEP).await?;
    let mut media = Media(table).of(&ids).await?;
    media.sort_by_key(|medium| medium.id.0);
    for medium in media {
        lines.push(&json!({
            "kind": "medium", "id": medium.id, "filename": medium.filename, "content_type": medium.content_type,
            "size": medium.size, "fields": medium.fields, "created_at": medium.created_at,
            "url": media_url(app.settings(), medium.stored_name.as_str()),
        }));
    }
    Ok(ids.last().copied().filter(|_| has_more))
}

async fn about(app: &App, user: &User, lines: &mut Lines) -> Result<(), AppError> {
    lines.push(&json!({
        "kind": "user", "id": user.id, "username": user.username, "email": user.email,
        "pending_email": user.pending_email, "display_name": user.display_name, "role": user.role,
        "photo": user.picture.as_ref().map(|name| media_url(app.settings(), name.as_str())),
        "is_guest": user.is_guest, "created_at": Timestamp::from_micros(user.created_at),
    }));
    let mut after = None;
    loop {
        let (people, next) = blocked(app, user.id, after, STEP).await?;
        for blocked in people {
            let since = Timestamp::from_micros(blocked.since);
            lines.push(&json!({"kind": "blocked", "id": blocked.user.id, "blocked_at": since}));
        }
        after = next;
        if after.is_none() || lines.is_full() {
            return Ok(());
        }
    }
}

/// The beginning of the next room in which somebody is or was, which is written down.
async fn room_after(
    app: &App,
    user: UserId,
    after: Option<&RoomCode>,
    lines: &mut Lines,
) -> Result<Option<OwnExportCursor>, AppError> {
    let mut after = after.cloned();
    loop {
        let (entries, next) = PersonRooms(&*app.ports.table).page(user, after.as_ref(), 1).await?;
        if let Some(entry) = entries.into_iter().next() {
            lines.push(&json!({"kind": "room", "code": entry.code, "status": entry.status.name()}));
            return Ok(Some(OwnExportCursor::Room(entry.code, EventId::default())));
        }
        // A page may be empty and have a next one.
        after = next;
        if after.is_none() {
            return Ok(None);
        }
    }
}

/// Writes down what somebody has said and done in a part of a room's log; answers where the rest begins.
async fn events(
    app: &App,
    user: UserId,
    code: &RoomCode,
    after: EventId,
    lines: &mut Lines,
) -> Result<Option<EventId>, AppError> {
    let Some(room) = Rooms(&*app.ports.table).get(code).await? else { return Ok(None) };
    let read = app.ports.log.read(&room.code, Slice::after(after, STEP)).await?;
    let rest = read.entries.last().map(|entry| entry.id).filter(|_| read.more);
    let own = read.entries.into_iter().filter(|entry| entry.author == Some(user) && is_kept(entry));
    write_down(app, user, &room, Entries { entries: own.collect(), more: false }, lines).await?;
    Ok(rest)
}

async fn write_down(
    app: &App,
    user: UserId,
    room: &Room,
    own: Entries,
    lines: &mut Lines,
) -> Result<(), AppError> {
    let head = app.ports.log.head(&room.code).await?;
    let history = shown(app, user, &room.code, own, head).await?;
    let reader = Reader { user: Some(user), ..Reader::default() };
    for entry in &history.entries {
        let target = history.target(entry);
        lines.push_event(&event_of(app.settings(), room, entry, target, &history.authors, reader));
    }
    Ok(())
}
