//! What is watched in the form in which clients see it, and new items.

use std::collections::BTreeSet;

use crate::app::media::find_by_id;
use crate::app::rooms::shown::GONE;
use crate::app::{App, AppError};
use crate::domain::watch::{Source, WatchItem};
use crate::ids::{MediaId, UserId};
use crate::protocol::{MediaChoice, NamedPerson, QueueItem};
use crate::store::{Member, Members, Playbacks, Room};

/// An item that somebody chooses: what was uploaded here, only if they may get it.
pub(super) async fn new_item(app: &App, user: UserId, choice: &MediaChoice) -> Result<WatchItem, AppError> {
    let source = Source::read(&choice.source, &app.settings.public_url)
        .map_err(|(field, why)| AppError::InvalidInput { field, why })?;
    let title = match source.media_id() {
        Some(id) => choice.title.clone().or(Some(filename(app, user, id).await?)),
        None => choice.title.clone(),
    };
    Ok(WatchItem { id: new_id(app), source, title, duration: choice.duration, poster: None, added_by: user })
}

async fn filename(app: &App, user: UserId, id: MediaId) -> Result<String, AppError> {
    match find_by_id(app, user, id).await {
        Ok(medium) => Ok(medium.filename),
        Err(AppError::NotFound) => {
            Err(AppError::InvalidInput { field: "media_id", why: "There is no such medium." })
        }
        Err(error) => Err(error),
    }
}

/// An id that no item has.
pub(super) fn new_id(app: &App) -> String {
    hex(app.ports.random.bytes())
}

fn hex(bytes: [u8; 6]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Items as clients see them, with the present names of those who added them.
pub(super) async fn shown(app: &App, room: &Room, items: Vec<WatchItem>) -> Result<Vec<QueueItem>, AppError> {
    let people: BTreeSet<UserId> = items.iter().map(|item| item.added_by).collect();
    let people: Vec<UserId> = people.into_iter().collect();
    let members = Members(&*app.ports.table).of(&room.code, &people).await?;
    let own_url = &app.settings.public_url;
    Ok(items.into_iter().map(|item| shown_item(own_url, item, &members)).collect())
}

fn shown_item(own_url: &str, item: WatchItem, members: &[Member]) -> QueueItem {
    let member = members.iter().find(|member| member.user == item.added_by);
    let name = member.map(|member| member.name.clone()).filter(|name| !name.is_empty());
    QueueItem {
        id: item.id,
        url: item.source.url(own_url),
        provider: item.source.provider,
        video_id: item.source.video_id,
        title: item.title,
        duration: item.duration,
        poster: item.poster,
        added_by: NamedPerson { id: item.added_by, name: name.unwrap_or_else(|| GONE.to_owned()) },
    }
}

/// What is watched in a room, if anything is.
pub(in crate::app) async fn current_item(app: &App, room: &Room) -> Result<Option<QueueItem>, AppError> {
    let stored = Playbacks(&*app.ports.table).get(&room.code, app.ports.clock.now()).await?;
    Ok(shown(app, room, stored.state.item.into_iter().collect()).await?.pop())
}
