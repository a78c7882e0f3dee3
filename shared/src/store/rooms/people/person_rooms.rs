//! A person's rooms: `USER#<id>`, `ROOM#<code>`, written in the same transaction as their row there.
//!
//! An entry stays when somebody leaves: what is erased when they go for good is found by it.

use serde::{Deserialize, Serialize};

use crate::domain::rooms::{RoomKind, Status};
use crate::ids::{RoomCode, UserId};
use crate::ports::{
    Condition, Consistency, Cursor, Direction, Key, Partition, Query, SortRange, Table, TableError, Write,
};
use crate::store::record::{from_item, key, to_item};

pub(in crate::store) const ROOM: &str = "ROOM#";

/// That somebody is, or was, in a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRoom {
    /// Which room.
    pub code: RoomCode,
    /// What kind of room.
    pub kind: RoomKind,
    /// Where they stand.
    pub status: Status,
    /// When a guest's entry goes, in whole seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
}

/// The rooms of people.
#[derive(Debug)]
pub struct PersonRooms<'a>(pub &'a dyn Table);

impl PersonRooms<'_> {
    /// A page of somebody's rooms, by code.
    pub async fn page(
        &self,
        user: UserId,
        after: Option<&RoomCode>,
        limit: usize,
    ) -> Result<(Vec<PersonRoom>, Option<RoomCode>), TableError> {
        let query = Query {
            partition: Partition::Table(format!("USER#{user}")),
            range: SortRange::Prefix(ROOM.to_owned()),
            direction: Direction::Forward,
            limit,
            after: after.map(|code| Cursor { key: person_room_key(user, code), index_sk: None }),
            consistency: Consistency::Strong,
        };
        let page = self.0.query(&query).await?;
        let rooms = page.items.into_iter().map(from_item).collect::<Result<_, _>>()?;
        let next = page.next.and_then(|cursor| cursor.key.sk.strip_prefix(ROOM)?.parse().ok());
        Ok((rooms, next))
    }

    /// Forgets that somebody was in a room.
    pub async fn forget(&self, user: UserId, code: &RoomCode) -> Result<(), TableError> {
        self.0.write(Write::Delete(person_room_key(user, code), Condition::Always)).await.map(drop)
    }

    /// The write that notes where somebody stands in a room.
    pub(in crate::store) fn noting(user: UserId, entry: &PersonRoom) -> Result<Write, TableError> {
        Ok(Write::Put(to_item(person_room_key(user, &entry.code), entry)?, Condition::Always))
    }
}

fn person_room_key(user: UserId, code: &RoomCode) -> Key {
    key(format!("USER#{user}"), format!("{ROOM}{}", code.folded()))
}
