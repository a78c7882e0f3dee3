//! What is watched next in a room: `ROOM#<code>`, `QUEUE` for the order, `ITEM#<id>` for each item.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::domain::watch::{QueueOrder, WatchItem};
use crate::ids::RoomCode;
use crate::ports::{Comparison, Condition, Consistency, Key, Table, TableError, Write};
use crate::protocol::Timestamp;
use crate::store::record::{from_item, key, refused, to_item};
use crate::store::rooms::room_key;

const REVISION: &str = "revision";
/// The most items that are read at once: what a batch takes.
const AT_ONCE: usize = 100;

/// The queues of rooms in a table.
#[derive(Debug)]
pub struct Queues<'a>(pub &'a dyn Table);

/// A room's queue.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Queue {
    /// The order of its items.
    pub order: QueueOrder,
    /// The moment at which the whole budget of changes is there again, in microseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    budget: Option<i64>,
    /// Grows with every change.
    revision: u64,
}

impl Queue {
    /// The moment at which the whole budget of changes is there again.
    pub fn budget(&self) -> Option<Timestamp> {
        self.budget.map(Timestamp::from_micros)
    }

    /// In another order, with what is spent of the budget then.
    #[must_use]
    pub fn changed(&self, order: QueueOrder, budget: Option<Timestamp>) -> Self {
        let budget = budget.map(Timestamp::as_micros).or(self.budget);
        Self { order, budget, revision: self.revision + 1 }
    }
}

impl Queues<'_> {
    /// A room's queue; an empty one, if there never was one.
    pub async fn get(&self, room: &RoomCode) -> Result<Queue, TableError> {
        let item = self.0.get(&queue_key(room), Consistency::Strong).await?;
        item.map_or_else(|| Ok(Queue::default()), from_item)
    }

    /// These items of a queue, in this order, as far as they are there.
    pub async fn items(&self, room: &RoomCode, ids: &[String]) -> Result<Vec<WatchItem>, TableError> {
        let mut items = Vec::with_capacity(ids.len());
        for ids in ids.chunks(AT_ONCE) {
            let keys: Vec<Key> = ids.iter().map(|id| item_key(room, id)).collect();
            let found = self.0.batch_get(&keys, Consistency::Strong).await?;
            let mut found = found.into_iter().map(from_item).collect::<Result<Vec<WatchItem>, _>>()?;
            found.sort_by_key(|item| ids.iter().position(|id| *id == item.id));
            items.extend(found);
        }
        Ok(items)
    }

    /// Makes these writes; tells whether the queue was as it was when it was read.
    pub async fn change(&self, writes: Vec<Write>) -> Result<bool, TableError> {
        match self.0.transact(writes).await {
            Err(TableError::Conflict) => Ok(false),
            done => Ok(refused(done)?.is_none()),
        }
    }

    /// The write that puts a queue in the place of the one that was read.
    pub fn replacement(room: &RoomCode, before: &Queue, after: &Queue) -> Result<Write, TableError> {
        let same = Condition::Compare(REVISION.to_owned(), Comparison::Equal, json!(before.revision));
        let condition =
            if before.revision == 0 { Condition::Any(vec![Condition::Absent, same]) } else { same };
        Ok(Write::Put(to_item(queue_key(room), after)?, condition))
    }

    /// The write that adds an item.
    pub fn addition(room: &RoomCode, item: &WatchItem) -> Result<Write, TableError> {
        Ok(Write::Put(to_item(item_key(room, &item.id), item)?, Condition::Absent))
    }

    /// Notes what is known of an item, if it is in the queue; tells whether it is.
    pub async fn note_figures(&self, room: &RoomCode, item: &WatchItem) -> Result<bool, TableError> {
        let write = Write::Put(to_item(item_key(room, &item.id), item)?, Condition::Exists);
        Ok(refused(self.0.write(write).await)?.is_none())
    }

    /// The write that takes an item away.
    pub fn removal(room: &RoomCode, id: &str) -> Write {
        Write::Delete(item_key(room, id), Condition::Always)
    }
}

fn queue_key(room: &RoomCode) -> Key {
    key(room_key(room).pk, "QUEUE")
}

fn item_key(room: &RoomCode, id: &str) -> Key {
    key(room_key(room).pk, format!("ITEM#{id}"))
}
