//! What a receiver is told, as it stands by then.

use serde::Serialize;
use serde_json::value::RawValue;

use crate::app::rooms::arrivals::{notice, shown_settings, updated};
use crate::app::rooms::shown::GONE;
use crate::app::rooms::tell::here;
use crate::app::{App, AppError, chat, watch};
use crate::domain::webhooks::{Happening, News, Topic};
use crate::ids::UserId;
use crate::protocol::{
    Dialect, Event, HostChanged, Passage, RoomChanges, RoomDeleted, RoomUpdated, Timestamp,
};
use crate::store::{Member, Members, Room, Rooms};

/// A body. The order of its fields is that of their declaration, here and within the event.
#[derive(Serialize)]
struct Payload<'a> {
    /// What it is about.
    r#type: Topic,
    /// When it happened.
    timestamp: Timestamp,
    /// The event, as sockets of watch rooms get it.
    data: &'a RawValue,
}

/// The body by which something is told; none if it isn't to be told any more: the message is gone, or the room lets nobody
/// listen now.
pub(super) async fn payload(app: &App, news: &News) -> Result<Option<String>, AppError> {
    let room = Rooms(&*app.ports.table).get(&news.room).await?.filter(|room| room.webhooks);
    let Some(room) = room else { return Ok(None) };
    let Some(event) = event(app, &room, &news.happening).await? else { return Ok(None) };
    let Some(frame) = event.frame(Dialect::Watch) else { return Ok(None) };
    let data = serde_json::from_str(frame.as_str()).map_err(|error| AppError::Unavailable(error.into()))?;
    let payload = Payload { r#type: news.happening.topic(), timestamp: news.at, data };
    Ok(Some(serde_json::to_string(&payload).map_err(|error| AppError::Unavailable(error.into()))?))
}

async fn event(app: &App, room: &Room, happening: &Happening) -> Result<Option<Event>, AppError> {
    Ok(match happening {
        Happening::Logged { id } => chat::logged_event(app, room, *id).await?.map(|(event, _)| event),
        Happening::Came { user } => Some(Event::UserJoined(passage(app, room, *user).await?)),
        Happening::Gone { user } => Some(Event::UserLeft(passage(app, room, *user).await?)),
        Happening::Changed { user } => {
            member(app, room, *user).await?.map(|member| Event::MemberUpdated(updated(app, room, &member)))
        }
        Happening::Applied { user } => {
            member(app, room, *user).await?.map(|member| Event::JoinRequested(notice(room, &member)))
        }
        Happening::Approved { user } => {
            member(app, room, *user).await?.map(|member| Event::JoinApproved(notice(room, &member)))
        }
        Happening::HostChanged { user } => {
            let host = passage(app, room, *user).await?.user;
            Some(Event::HostChanged(HostChanged { host, host_id: *user, place: here(room) }))
        }
        Happening::Settings { names } => {
            let changes = settings(app, room).await?.only(names);
            Some(Event::RoomUpdated(RoomUpdated { changes, place: here(room) }))
        }
        Happening::Closed => Some(Event::RoomDeleted(RoomDeleted { place: here(room) })),
    })
}

async fn member(app: &App, room: &Room, user: UserId) -> Result<Option<Member>, AppError> {
    Ok(Members(&*app.ports.table).get(&room.code, user).await?)
}

async fn passage(app: &App, room: &Room, user_id: UserId) -> Result<Passage, AppError> {
    let name = member(app, room, user_id).await?.map(|member| member.name).filter(|name| !name.is_empty());
    Ok(Passage { user: name.unwrap_or_else(|| GONE.to_owned()), user_id, place: here(room) })
}

async fn settings(app: &App, room: &Room) -> Result<RoomChanges, AppError> {
    let item = watch::current_item(app, room).await?;
    let (video_provider, video_id) = item.map(|item| (item.provider, item.video_id)).unzip();
    let changes = shown_settings(room);
    Ok(RoomChanges { video_provider: Some(video_provider), video_id: Some(video_id), ..changes })
}
