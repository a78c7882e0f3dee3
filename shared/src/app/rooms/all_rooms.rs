//! Lists all rooms but conversations, for admins.

use futures_util::future::try_join_all;

use crate::app::{App, AppError};
use crate::ids::RoomCode;
use crate::store::{Directory, Members, Room, Rooms};

/// A room as admins see it in a list.
#[derive(Debug, Clone)]
pub struct ExistingRoom {
    /// The room, which may be closed.
    pub room: Room,
    /// The name of its host there, if it has one.
    pub host: Option<String>,
    /// How many members it has.
    pub members_count: u32,
}

/// A page of the rooms whose codes begin so, in alphabetical order, and where the next one begins.
pub async fn all_rooms(
    app: &App,
    beginning: &str,
    after: Option<&RoomCode>,
    limit: usize,
) -> Result<(Vec<ExistingRoom>, Option<RoomCode>), AppError> {
    let table = &*app.ports.table;
    let (codes, next) = Directory(table).page(beginning, after, limit).await?;
    let mut rooms = Rooms(table).of(&codes).await?;
    rooms.sort_by_key(|room| room.code.folded());
    Ok((try_join_all(rooms.into_iter().map(|room| existing(app, room))).await?, next))
}

async fn existing(app: &App, room: Room) -> Result<ExistingRoom, AppError> {
    let table = &*app.ports.table;
    let host = match room.host {
        Some(host) => Members(table).get(&room.code, host).await?,
        None => None,
    };
    let members_count = Rooms(table).members_count(&room.code).await?;
    Ok(ExistingRoom { host: host.map(|host| host.name), members_count, room })
}
