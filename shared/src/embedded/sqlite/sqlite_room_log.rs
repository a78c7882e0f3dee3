//! The `RoomLog` port on the SQLite table.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;

use crate::embedded::SqliteTable;
use crate::ids::{EventId, RoomCode, UserId};
use crate::ports::{
    Appended, Clock, Consent, Consented, Entries, Entry, Head, Keep, NewEntry, Random, RoomLog, RoomLogError,
    Slice,
};
use crate::store::TableRoomLog;
use crate::store::rooms::log::Draft;

/// Rooms' logs in the SQLite table: an append is one request to its writer, charge and all, which is never overtaken and
/// shares its commit with others. What is stored is what [`TableRoomLog`] stores, by which it is read.
#[derive(Debug, Clone)]
pub struct SqliteRoomLog {
    table: Arc<SqliteTable>,
    random: Arc<dyn Random>,
    stored: TableRoomLog,
}

impl SqliteRoomLog {
    /// The logs in that table.
    pub fn new(table: Arc<SqliteTable>, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        let stored = TableRoomLog::new(table.clone(), clock, random.clone());
        Self { table, random, stored }
    }
}

#[async_trait]
impl RoomLog for SqliteRoomLog {
    async fn append_with_consent(
        &self,
        room: &RoomCode,
        entry: NewEntry,
        consent: Consent<'_>,
    ) -> Result<Appended, RoomLogError> {
        // Nothing is far away here: there is no hurry to charge.
        let Consented::Given(late) = consent.await else { return Ok(Appended::Withheld) };
        let draft = Draft::new(room, entry.completed(late), self.random.bytes())?;
        Ok(self.table.append(draft).await?)
    }

    async fn read(&self, room: &RoomCode, slice: Slice) -> Result<Entries, RoomLogError> {
        self.stored.read(room, slice).await
    }

    async fn get(&self, room: &RoomCode, ids: &[EventId]) -> Result<Vec<Entry>, RoomLogError> {
        self.stored.get(room, ids).await
    }

    async fn head(&self, room: &RoomCode) -> Result<Head, RoomLogError> {
        self.stored.head(room).await
    }

    async fn reactions_of(
        &self,
        room: &RoomCode,
        user: UserId,
        messages: &[EventId],
    ) -> Result<BTreeMap<EventId, Vec<String>>, RoomLogError> {
        self.stored.reactions_of(room, user, messages).await
    }

    async fn trim(&self, room: &RoomCode, keep: &Keep) -> Result<bool, RoomLogError> {
        self.stored.trim(room, keep).await
    }
}
