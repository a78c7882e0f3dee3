//! All rooms but conversations by code, for admins: an item for each in the index, written once when the room is made.

use serde::{Deserialize, Serialize};

use super::all_rooms::room_key;
use super::room::Room;
use crate::ids::RoomCode;
use crate::ports::{
    Condition, Consistency, Cursor, Direction, Key, Partition, Query, SortRange, Table, TableError, Write,
};
use crate::store::record::{from_item, key, to_item};

const ROOMS: &str = "ROOMS";

#[derive(Serialize, Deserialize)]
struct Entry {
    code: RoomCode,
    index_pk: String,
    index_sk: String,
}

/// The directory of rooms in a table.
#[derive(Debug)]
pub struct Directory<'a>(pub &'a dyn Table);

impl Directory<'_> {
    /// A page of the codes that begin so, closed rooms' included, and where the next one begins.
    pub async fn page(
        &self,
        beginning: &str,
        after: Option<&RoomCode>,
        limit: usize,
    ) -> Result<(Vec<RoomCode>, Option<RoomCode>), TableError> {
        let beginning = beginning.to_lowercase();
        let range = if beginning.is_empty() { SortRange::All } else { SortRange::Prefix(beginning) };
        let query = Query {
            partition: Partition::Index(ROOMS.to_owned()),
            range,
            direction: Direction::Forward,
            limit,
            after: after.map(|code| Cursor { key: entry_key(code), index_sk: Some(code.folded()) }),
            consistency: Consistency::Eventual,
        };
        let page = self.0.query(&query).await?;
        let entries = page.items.into_iter().map(from_item).collect::<Result<Vec<Entry>, _>>()?;
        let next = page.next.and_then(|cursor| cursor.index_sk?.parse().ok());
        Ok((entries.into_iter().map(|entry| entry.code).collect(), next))
    }

    /// The write that notes a new room, if it is of a kind that admins see.
    pub(super) fn noting(room: &Room) -> Result<Option<Write>, TableError> {
        let entry =
            Entry { code: room.code.clone(), index_pk: ROOMS.to_owned(), index_sk: room.code.folded() };
        let write = || Ok(Write::Put(to_item(entry_key(&room.code), &entry)?, Condition::Always));
        (!room.kind.is_conversation()).then(write).transpose()
    }
}

fn entry_key(room: &RoomCode) -> Key {
    key(room_key(room).pk, "DIRECTORY")
}
