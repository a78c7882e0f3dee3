//! Where playing stands in a room: `ROOM#<code>`, `PLAYBACK`, apart from the room's own item, since it changes with every
//! command.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::all_rooms::room_key;
use crate::domain::watch::Playback;
use crate::ids::RoomCode;
use crate::ports::{Comparison, Condition, Consistency, Key, Table, TableError, Write};
use crate::protocol::Timestamp;
use crate::store::record::{from_item, key, refused, to_item};

/// The playback of rooms in a table.
#[derive(Debug)]
pub struct Playbacks<'a>(pub &'a dyn Table);

#[derive(Serialize, Deserialize)]
struct Row {
    position: f64,
    is_playing: bool,
    rate: f64,
    version: u64,
    /// In microseconds since 1970.
    at: i64,
}

impl Playbacks<'_> {
    /// Where playing stands; at the beginning, if nobody has changed it yet.
    pub async fn get(&self, room: &RoomCode, now: Timestamp) -> Result<Playback, TableError> {
        let Some(item) = self.0.get(&playback_key(room), Consistency::Strong).await? else {
            return Ok(Playback::new(now));
        };
        let row: Row = from_item(item)?;
        Ok(Playback {
            position: row.position,
            is_playing: row.is_playing,
            rate: row.rate,
            version: row.version,
            at: Timestamp::from_micros(row.at),
        })
    }

    /// Puts a state in the place of the one before it; tells whether that was still there.
    pub async fn replace(&self, room: &RoomCode, before: u64, after: &Playback) -> Result<bool, TableError> {
        let row = Row {
            position: after.position,
            is_playing: after.is_playing,
            rate: after.rate,
            version: after.version,
            at: after.at.as_micros(),
        };
        let same = Condition::Compare("version".to_owned(), Comparison::Equal, json!(before));
        let condition = if before == 0 { Condition::Any(vec![Condition::Absent, same]) } else { same };
        let write = Write::Put(to_item(playback_key(room), &row)?, condition);
        Ok(refused(self.0.write(write).await)?.is_none())
    }
}

fn playback_key(room: &RoomCode) -> Key {
    key(room_key(room).pk, "PLAYBACK")
}
