//! The public list: an item for each room that stands on it, in the index in the order of the list.
//!
//! The item is apart from the room's own, so that counting viewers touches nothing that messages read.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::room::Room;
use crate::ids::RoomCode;
use crate::ports::{
    Change, Condition, Consistency, Cursor, Direction, INDEX_PK, INDEX_SK, Key, Partition, Query, SortRange,
    Table, TableError, Write,
};
use crate::store::record::{from_item, key, refused, to_item};

const PUBLIC: &str = "PUBLIC_ROOMS";

/// A room of the public list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicRoom {
    /// Which one.
    pub code: RoomCode,
    /// How many people are there.
    pub viewers: u64,
    /// When the room was made, in microseconds since 1970.
    pub created_at: i64,
    index_pk: String,
    index_sk: String,
}

/// A page of the public list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicPage {
    /// The rooms: most viewers first, then the newest.
    pub rooms: Vec<PublicRoom>,
    /// Where the next page begins; none at the end.
    pub next: Option<String>,
}

/// The public list in a table.
#[derive(Debug)]
pub struct PublicRooms<'a>(pub &'a dyn Table);

impl PublicRooms<'_> {
    /// A page of the list.
    pub async fn page(&self, after: Option<&str>, limit: usize) -> Result<PublicPage, TableError> {
        let query = Query {
            partition: Partition::Index(PUBLIC.to_owned()),
            range: SortRange::All,
            direction: Direction::Backward,
            limit,
            after: after.and_then(cursor),
            consistency: Consistency::Eventual,
        };
        let page = self.0.query(&query).await?;
        let rooms = page.items.into_iter().map(from_item).collect::<Result<_, _>>()?;
        Ok(PublicPage { rooms, next: page.next.and_then(|cursor| cursor.index_sk) })
    }

    /// Stores how many viewers a room has; nothing happens where it isn't on the list any more.
    pub async fn store_count(&self, room: &RoomCode, viewers: u64) -> Result<(), TableError> {
        let Some(item) = self.0.get(&public_key(room), Consistency::Strong).await? else {
            return Ok(());
        };
        let listed: PublicRoom = from_item(item)?;
        let changes = vec![
            Change::Set("viewers".to_owned(), json!(viewers)),
            Change::Set(INDEX_SK.to_owned(), json!(place(viewers, listed.created_at, room))),
        ];
        refused(self.0.write(Write::Update(public_key(room), changes, Condition::Exists)).await).map(drop)
    }

    /// The write that puts a new room on the list, if it belongs there.
    pub(super) fn first_listing(room: &Room) -> Result<Option<Write>, TableError> {
        room.is_listed().then(|| addition(room)).transpose()
    }

    /// The write that puts a changed room on the list or takes it away, if that has changed.
    pub(super) fn listing(before: &Room, after: &Room) -> Result<Option<Write>, TableError> {
        match (before.is_listed(), after.is_listed()) {
            (false, true) => addition(after).map(Some),
            (true, false) => Ok(Some(Write::Delete(public_key(&after.code), Condition::Always))),
            _ => Ok(None),
        }
    }
}

fn addition(room: &Room) -> Result<Write, TableError> {
    let listed = PublicRoom {
        code: room.code.clone(),
        viewers: 0,
        created_at: room.created_at,
        index_pk: PUBLIC.to_owned(),
        index_sk: place(0, room.created_at, &room.code),
    };
    debug_assert_eq!((INDEX_PK, INDEX_SK), ("index_pk", "index_sk"));
    Ok(Write::Put(to_item(public_key(&room.code), &listed)?, Condition::Always))
}

/// The place in the list: texts in the order of viewers, then of creation.
fn place(viewers: u64, created_at: i64, room: &RoomCode) -> String {
    format!("{viewers:010}#{created_at:020}#{}", room.folded())
}

/// The page after a place. The place names the item, so that nothing else has to be remembered.
fn cursor(place: &str) -> Option<Cursor> {
    let code: RoomCode = place.rsplit('#').next()?.parse().ok()?;
    Some(Cursor { key: public_key(&code), index_sk: Some(place.to_owned()) })
}

fn public_key(room: &RoomCode) -> Key {
    key(format!("ROOM#{}", room.folded()), "PUBLIC")
}
