//! The `RoomLog` port on any table.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;

use super::append::Append;
use super::draft::{Draft, Last, reactions};
use super::keys::{entry_key, last_entries, reactions_key};
use super::{read, row, trim};
use crate::ids::{EventId, RoomCode, UserId};
use crate::ports::{
    Appended, Clock, Consent, Entries, Entry, Head, Keep, Key, NewEntry, Random, RoomLog, RoomLogError,
    Slice, Table, TableError,
};

/// Rooms' logs in a table, to which many processes may append at once: each takes the place after the last entry that it
/// sees, on the condition that it is free.
#[derive(Debug, Clone)]
pub struct TableRoomLog {
    table: Arc<dyn Table>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

impl TableRoomLog {
    /// The logs in that table.
    pub fn new(table: Arc<dyn Table>, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        Self { table, clock, random }
    }
}

#[async_trait]
impl RoomLog for TableRoomLog {
    async fn append_with_consent(
        &self,
        room: &RoomCode,
        entry: NewEntry,
        consent: Consent<'_>,
    ) -> Result<Appended, RoomLogError> {
        let draft = Draft::new(room, entry, self.random.bytes())?;
        let append = Append { table: &*self.table, clock: &*self.clock, random: &*self.random, draft };
        Ok(append.run(consent).await?)
    }

    async fn read(&self, room: &RoomCode, slice: Slice) -> Result<Entries, RoomLogError> {
        Ok(read::slice(&*self.table, room, slice).await?)
    }

    async fn get(&self, room: &RoomCode, ids: &[EventId]) -> Result<Vec<Entry>, RoomLogError> {
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        ids.dedup();
        let keys: Vec<Key> = ids.into_iter().map(|id| entry_key(room, id)).collect();
        let items = read::items(&*self.table, &keys).await?;
        let mut entries = items.into_iter().map(row::entry).collect::<Result<Vec<_>, _>>()?;
        entries.sort_unstable_by_key(|entry| entry.id);
        Ok(entries)
    }

    async fn head(&self, room: &RoomCode) -> Result<Head, RoomLogError> {
        Ok(last(&*self.table, room, 1).await?.head)
    }

    async fn reactions_of(
        &self,
        room: &RoomCode,
        user: UserId,
        messages: &[EventId],
    ) -> Result<BTreeMap<EventId, Vec<String>>, RoomLogError> {
        let places: BTreeMap<Key, EventId> =
            messages.iter().map(|message| (reactions_key(room, *message, user), *message)).collect();
        let keys: Vec<Key> = places.keys().cloned().collect();
        let mut found = BTreeMap::new();
        for item in read::items(&*self.table, &keys).await? {
            if let Some(message) = places.get(&item.key) {
                found.insert(*message, reactions(item)?);
            }
        }
        Ok(found)
    }

    async fn trim(&self, room: &RoomCode, keep: &Keep) -> Result<bool, RoomLogError> {
        Ok(trim::trim(&*self.table, room, keep).await?)
    }
}

/// The last entry of a room's log, and what was seen of the one before it if two are asked for; the beginning if there is
/// none.
pub(super) async fn last(table: &dyn Table, room: &RoomCode, entries: usize) -> Result<Last, TableError> {
    let mut query = last_entries(room, entries);
    loop {
        let page = table.query(&query).await?;
        let mut items = page.items.into_iter();
        if let Some(last) = items.next() {
            return Last::of(last, items.next());
        }
        // Pages may be empty and have a next one.
        match page.next {
            Some(next) => query.after = Some(next),
            None => return Ok(Last::default()),
        }
    }
}
