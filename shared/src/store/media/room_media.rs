//! In which rooms media are shown: beside a medium an item for each message that shows it, written and deleted in the
//! message's own transaction, and one for each time that it is watched together, or waits for that.

use serde_json::Map;

use crate::ids::{EventId, MediaId, RoomCode};
use crate::ports::{
    Condition, Consistency, Cursor, Direction, EXPIRES_AT, Item, Key, Partition, Query, SortRange,
    TableError, Write,
};
use crate::protocol::Timestamp;
use crate::store::media::stored_media::{Media, partition};
use crate::store::record::key;

const ROOM: &str = "ROOM#";
/// How many messages are looked at at once.
const PAGE: usize = 100;

/// Some of the rooms in which a medium is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShownIn {
    /// The rooms, each once.
    pub rooms: Vec<RoomCode>,
    /// Where to go on; none at the end.
    pub next: Option<Cursor>,
}

impl Media<'_> {
    /// Some of the rooms in which a medium is shown.
    pub async fn shown_in(&self, id: MediaId, after: Option<Cursor>) -> Result<ShownIn, TableError> {
        let page = self.0.query(&query(id, after)).await?;
        let mut rooms: Vec<RoomCode> = page.items.iter().filter_map(|item| room_of(&item.key)).collect();
        rooms.dedup();
        Ok(ShownIn { rooms, next: page.next })
    }

    /// The write by which an item of what is watched in a room shows a medium to it.
    pub fn watched(id: MediaId, room: &RoomCode, item: &str) -> Write {
        Write::Put(Item { key: watched_key(id, room, item), attributes: Map::new() }, Condition::Always)
    }

    /// The write by which it does so no more.
    pub fn watched_no_more(id: MediaId, room: &RoomCode, item: &str) -> Write {
        Write::Delete(watched_key(id, room, item), Condition::Always)
    }

    /// Lets no message show a medium any more that is about to go.
    pub async fn hide_everywhere(&self, id: MediaId) -> Result<(), TableError> {
        let mut query = query(id, None);
        loop {
            let page = self.0.query(&query).await?;
            for item in page.items {
                self.0.write(Write::Delete(item.key, Condition::Always)).await?;
            }
            match page.next {
                Some(next) => query.after = Some(next),
                None => return Ok(()),
            }
        }
    }
}

/// The question for messages that show a medium.
fn query(id: MediaId, after: Option<Cursor>) -> Query {
    Query {
        partition: Partition::Table(partition(id)),
        range: SortRange::Prefix(ROOM.to_owned()),
        direction: Direction::Forward,
        limit: PAGE,
        after,
        consistency: Consistency::Strong,
    }
}

fn room_of(key: &Key) -> Option<RoomCode> {
    key.sk.strip_prefix(ROOM)?.split_once('#')?.0.parse().ok()
}

/// The write by which a message shows a medium to its room, until it expires, if it does.
pub(in crate::store) fn show(
    id: MediaId,
    room: &RoomCode,
    message: EventId,
    expires_at: Option<Timestamp>,
) -> Write {
    let expires_at = expires_at.map(|at| (EXPIRES_AT.to_owned(), at.as_secs().into()));
    let item = Item { key: shown_key(id, room, message), attributes: expires_at.into_iter().collect() };
    Write::Put(item, Condition::Always)
}

/// The write by which it does so no more.
pub(in crate::store) fn hide(id: MediaId, room: &RoomCode, message: EventId) -> Write {
    Write::Delete(shown_key(id, room, message), Condition::Always)
}

fn shown_key(id: MediaId, room: &RoomCode, message: EventId) -> Key {
    key(partition(id), format!("{ROOM}{}#{:010}", room.folded(), message.0))
}

fn watched_key(id: MediaId, room: &RoomCode, item: &str) -> Key {
    key(partition(id), format!("{ROOM}{}#watch-{item}", room.folded()))
}
