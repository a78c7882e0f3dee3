//! The rooms in a table.

use serde_json::{Value, json};

use super::directory::Directory;
use super::public_rooms::PublicRooms;
use super::room::Room;
use crate::ids::{RoomCode, UserId};
use crate::ports::{Change, Comparison, Condition, Consistency, Item, Key, Table, TableError, Write};
use crate::store::record::{from_item, key, refused, to_item};

const META: &str = "META";
const REVISION: &str = "revision";
/// How many members a room has.
const MEMBERS: &str = "members";

/// The rooms in a table.
#[derive(Debug)]
pub struct Rooms<'a>(pub &'a dyn Table);

/// What became of a new room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Created {
    /// It is there.
    Yes,
    /// Somebody else has that code.
    CodeTaken,
    /// Its two people have a conversation already, or its one person has notes.
    PairTaken,
    /// The person who was to own it, or one of its people, can't.
    NoSuchPerson,
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq)]
pub enum Changed {
    /// It was made; this is the room now.
    Yes(Box<Room>),
    /// The room has changed since it was read: read it again, and decide again.
    Meanwhile,
}

impl Rooms<'_> {
    /// The room of that code, closed ones included.
    pub async fn get(&self, code: &RoomCode) -> Result<Option<Room>, TableError> {
        self.0.get(&room_key(code), Consistency::Strong).await?.map(from_item).transpose()
    }

    /// Those of some codes that are there, in any order.
    pub async fn of(&self, codes: &[RoomCode]) -> Result<Vec<Room>, TableError> {
        let keys: Vec<Key> = codes.iter().map(room_key).collect();
        let mut rooms = Vec::with_capacity(keys.len());
        for keys in keys.chunks(100) {
            let found = self.0.batch_get(keys, Consistency::Strong).await?;
            rooms.extend(found.into_iter().map(from_item).collect::<Result<Vec<Room>, _>>()?);
        }
        Ok(rooms)
    }

    /// The room that an item holds.
    pub fn read(item: Item) -> Result<Room, TableError> {
        from_item(item)
    }

    /// Puts a changed room in the place of the one that was read; the revision is taken care of.
    pub async fn replace(&self, before: &Room, after: Room) -> Result<Changed, TableError> {
        let writes = Self::replacement(before, &after)?;
        match refused(self.0.transact(writes).await) {
            Ok(None) => Ok(Changed::Yes(Box::new(Room { revision: before.revision + 1, ..after }))),
            Ok(Some(_)) | Err(TableError::Conflict) => Ok(Changed::Meanwhile),
            Err(error) => Err(error),
        }
    }

    /// The writes that do so, for a larger transaction. The room's own comes first.
    pub fn replacement(before: &Room, after: &Room) -> Result<Vec<Write>, TableError> {
        let after = Room { revision: before.revision + 1, ..after.clone() };
        let mut writes =
            vec![Write::Put(to_item(room_key(&after.code), &after)?, is_revision(before.revision))];
        writes.extend(PublicRooms::listing(before, &after)?);
        Ok(writes)
    }

    /// The writes that make a room of so many members. The room's own comes first.
    pub(in crate::store) fn addition(room: &Room, members: u32) -> Result<Vec<Write>, TableError> {
        let changes = vec![Change::Set(MEMBERS.to_owned(), json!(members))];
        let count = Write::Update(count_key(&room.code), changes, Condition::Always);
        let mut writes = vec![Write::Put(to_item(room_key(&room.code), room)?, Condition::Absent), count];
        writes.extend(PublicRooms::first_listing(room)?);
        writes.extend(Directory::noting(room)?);
        Ok(writes)
    }

    /// The write that insists on a code that nobody has.
    pub(in crate::store) fn is_absent(code: &RoomCode) -> Write {
        Write::Check(room_key(code), Condition::Absent)
    }

    fn active() -> Condition {
        Condition::Compare("state".to_owned(), Comparison::Equal, json!("active"))
    }

    /// The write that insists on a room in use.
    pub fn is_active(code: &RoomCode) -> Write {
        Write::Check(room_key(code), Self::active())
    }

    /// The write that insists on a room in use whose host is that person.
    pub(in crate::store) fn is_hosted_by(code: &RoomCode, host: UserId) -> Write {
        let is_host = Condition::Compare("host".to_owned(), Comparison::Equal, json!(host));
        Write::Check(room_key(code), Condition::All(vec![Self::active(), is_host]))
    }

    /// How many members a room has, as counted with every coming and going.
    pub async fn members_count(&self, code: &RoomCode) -> Result<u32, TableError> {
        let item = self.0.get(&count_key(code), Consistency::Strong).await?;
        let count = item.and_then(|item| item.attributes.get(MEMBERS).and_then(Value::as_u64));
        Ok(count.and_then(|count| u32::try_from(count).ok()).unwrap_or(0))
    }

    /// Counts anew: guests go without a word. Nothing happens if somebody came or went meanwhile.
    pub async fn recount(&self, code: &RoomCode, before: u32, now: u32) -> Result<(), TableError> {
        let same = Condition::Compare(MEMBERS.to_owned(), Comparison::Equal, json!(before));
        let changes = vec![Change::Set(MEMBERS.to_owned(), json!(now))];
        refused(self.0.write(Write::Update(count_key(code), changes, same)).await).map(drop)
    }

    /// The write that counts somebody who comes (1) or goes (-1), if there is a place.
    pub(in crate::store) fn count(code: &RoomCode, change: i64, capacity: Option<u32>) -> Write {
        let condition = match capacity.filter(|_| change > 0) {
            Some(capacity) => Condition::Compare(MEMBERS.to_owned(), Comparison::Less, json!(capacity)),
            None => Condition::Always,
        };
        Write::Update(count_key(code), vec![Change::Add(MEMBERS.to_owned(), change)], condition)
    }
}

fn is_revision(revision: u64) -> Condition {
    Condition::Compare(REVISION.to_owned(), Comparison::Equal, json!(revision))
}

/// Where a room lies.
pub(in crate::store) fn room_key(code: &RoomCode) -> Key {
    key(format!("ROOM#{}", code.folded()), META)
}

/// Where a room's count of members lies.
pub(in crate::store) fn count_key(code: &RoomCode) -> Key {
    key(format!("ROOM#{}", code.folded()), "COUNT")
}
