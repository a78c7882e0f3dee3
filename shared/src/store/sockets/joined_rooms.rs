//! Which rooms an inbox has joined: `JOINED#<connection>`. They are read only where a message names no room.

use serde::{Deserialize, Serialize};

use super::connections::LIFETIME;
use crate::ids::{ConnectionId, RoomCode};
use crate::ports::{
    Condition, Consistency, Direction, Key, Partition, Query, SortRange, Table, TableError, Write,
};
use crate::protocol::Timestamp;
use crate::store::record::{from_item, key, to_item};

/// The rooms that inboxes have joined.
#[derive(Debug)]
pub struct JoinedRooms<'a>(pub &'a dyn Table);

#[derive(Serialize, Deserialize)]
struct Row {
    code: RoomCode,
    /// In whole seconds since 1970. No socket lives longer.
    expires_at: i64,
}

impl JoinedRooms<'_> {
    /// Notes that a socket has joined a room.
    pub async fn note(&self, id: &ConnectionId, code: &RoomCode, now: Timestamp) -> Result<(), TableError> {
        let row = Row { code: code.clone(), expires_at: now.plus(LIFETIME).as_secs() };
        let item = to_item(joined_key(id, code), &row)?;
        self.0.write(Write::Put(item, Condition::Always)).await.map(drop)
    }

    /// Notes that it has left it.
    pub async fn forget(&self, id: &ConnectionId, code: &RoomCode) -> Result<(), TableError> {
        self.0.write(Write::Delete(joined_key(id, code), Condition::Always)).await.map(drop)
    }

    /// The rooms that a socket has joined, at most so many.
    pub async fn of(&self, id: &ConnectionId, most: usize) -> Result<Vec<RoomCode>, TableError> {
        let query = Query {
            partition: Partition::Table(partition(id)),
            range: SortRange::All,
            direction: Direction::Forward,
            limit: most,
            after: None,
            consistency: Consistency::Strong,
        };
        let page = self.0.query(&query).await?;
        page.items.into_iter().map(|item| Ok(from_item::<Row>(item)?.code)).collect()
    }
}

fn partition(id: &ConnectionId) -> String {
    format!("JOINED#{id}")
}

fn joined_key(id: &ConnectionId, code: &RoomCode) -> Key {
    key(partition(id), code.folded())
}
