//! Carries changes of a person into all rooms that they are or were in.

mod erase;
mod update;

pub(in crate::app) use self::erase::erase_from_rooms;
pub(in crate::app) use self::update::update_in_rooms;

use crate::app::{App, AppError};
use crate::ids::{RoomCode, UserId};
use crate::store::PersonRooms;

/// How often it is tried anew because something changed meanwhile.
const TRIES: u32 = 8;
/// How many of a person's rooms are read at a time.
const PAGE: usize = 100;

/// All rooms in which somebody stands somewhere, or stood.
async fn rooms_of(app: &App, user: UserId) -> Result<Vec<RoomCode>, AppError> {
    let (mut codes, mut after) = (Vec::new(), None);
    loop {
        let (entries, next) = PersonRooms(&*app.ports.table).page(user, after.as_ref(), PAGE).await?;
        codes.extend(entries.into_iter().map(|entry| entry.code));
        after = next;
        if after.is_none() {
            return Ok(codes);
        }
    }
}
