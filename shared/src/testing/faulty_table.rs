//! A table that fails now and then.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;

use crate::ports::{Consistency, Item, Key, Page, Query, Table, TableError, Write};

/// When a write fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Before it happened.
    Before,
    /// After it happened: the answer got lost.
    After,
}

/// A [`Table`] whose every nth write or transaction answers that the table is unavailable.
#[derive(Debug)]
pub struct FaultyTable {
    inner: Arc<dyn Table>,
    every: usize,
    fault: Fault,
    writes: AtomicUsize,
}

impl FaultyTable {
    /// This table, with such a fault at every nth write, counted from the first as 1; 0 means never.
    pub fn new(inner: Arc<dyn Table>, every: usize, fault: Fault) -> Self {
        Self { inner, every, fault, writes: AtomicUsize::new(0) }
    }

    /// How many writes and transactions were asked for.
    pub fn writes(&self) -> usize {
        self.writes.load(Ordering::SeqCst)
    }

    async fn disturb<T>(&self, write: impl Future<Output = Result<T, TableError>>) -> Result<T, TableError> {
        let count = self.writes.fetch_add(1, Ordering::SeqCst) + 1;
        let failed = || Err(TableError::Unavailable("a fault was asked for".into()));
        match (count.is_multiple_of(self.every), self.fault) {
            (false, _) => write.await,
            (true, Fault::Before) => failed(),
            (true, Fault::After) => {
                write.await?;
                failed()
            }
        }
    }
}

#[async_trait]
impl Table for FaultyTable {
    async fn get(&self, key: &Key, consistency: Consistency) -> Result<Option<Item>, TableError> {
        self.inner.get(key, consistency).await
    }

    async fn batch_get(&self, keys: &[Key], consistency: Consistency) -> Result<Vec<Item>, TableError> {
        self.inner.batch_get(keys, consistency).await
    }

    async fn query(&self, query: &Query) -> Result<Page, TableError> {
        self.inner.query(query).await
    }

    async fn write(&self, write: Write) -> Result<Option<Item>, TableError> {
        self.disturb(self.inner.write(write)).await
    }

    async fn transact(&self, writes: Vec<Write>) -> Result<(), TableError> {
        self.disturb(self.inner.transact(writes)).await
    }
}
