//! A table that remembers where anything was ever written, so that a test can read all of it.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use parlor::ports::{Consistency, Item, Key, Page, Query, Table, TableError, Write};

#[derive(Debug)]
pub(crate) struct KeptKeys {
    table: Arc<dyn Table>,
    keys: Mutex<BTreeSet<Key>>,
}

impl KeptKeys {
    pub(crate) fn of(table: Arc<dyn Table>) -> Self {
        Self { table, keys: Mutex::default() }
    }

    /// All that is there of what was written by this.
    pub(crate) async fn all(&self) -> Vec<Item> {
        let keys: Vec<Key> = self.keys.lock().unwrap().iter().cloned().collect();
        let mut items = Vec::new();
        for keys in keys.chunks(100) {
            items.extend(self.table.batch_get(keys, Consistency::Strong).await.unwrap());
        }
        items
    }

    fn keep(&self, write: &Write) {
        let key = match write {
            Write::Put(item, _) => &item.key,
            Write::Update(key, ..) | Write::Delete(key, _) | Write::Check(key, _) => key,
        };
        self.keys.lock().unwrap().insert(key.clone());
    }
}

#[async_trait]
impl Table for KeptKeys {
    async fn get(&self, key: &Key, consistency: Consistency) -> Result<Option<Item>, TableError> {
        self.table.get(key, consistency).await
    }

    async fn batch_get(&self, keys: &[Key], consistency: Consistency) -> Result<Vec<Item>, TableError> {
        self.table.batch_get(keys, consistency).await
    }

    async fn query(&self, query: &Query) -> Result<Page, TableError> {
        self.table.query(query).await
    }

    async fn write(&self, write: Write) -> Result<Option<Item>, TableError> {
        self.keep(&write);
        self.table.write(write).await
    }

    async fn transact(&self, writes: Vec<Write>) -> Result<(), TableError> {
        writes.iter().for_each(|write| self.keep(write));
        self.table.transact(writes).await
    }
}
