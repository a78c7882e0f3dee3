//! A table in memory, for the tests of what stands on one; it keeps a list of its writes.

use std::collections::BTreeSet;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::Poll;

use async_trait::async_trait;
use futures_util::poll;

use crate::embedded::SqliteTable;
use crate::ports::{Clock, Consistency, Item, Key, Page, Query, Table, TableError, Write};

/// A [`SqliteTable`] that knows what was written to it.
#[derive(Debug)]
pub(crate) struct RecordingTable {
    inner: SqliteTable,
    known: Mutex<BTreeSet<Key>>,
    written: Mutex<Vec<String>>,
    interposed: Mutex<Option<(String, Vec<Write>)>>,
}

impl RecordingTable {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            inner: SqliteTable::in_memory(clock).unwrap(),
            known: Mutex::default(),
            written: Mutex::default(),
            interposed: Mutex::default(),
        }
    }

    /// The keys of all items that have not expired, but for figures.
    pub(crate) async fn keys(&self) -> Vec<String> {
        let known: Vec<_> =
            self.known.lock().unwrap().iter().filter(|key| !is_figure(&spelled(key))).cloned().collect();
        let mut keys = Vec::new();
        for key in known {
            if self.get(&key, Consistency::Strong).await.unwrap().is_some() {
                keys.push(spelled(&key));
            }
        }
        keys
    }

    /// What was written since the last call, but for figures: `put <key>`, `update <key>`, `delete <key>`, `check <key>`.
    pub(crate) fn take_written(&self) -> Vec<String> {
        let mut written = std::mem::take(&mut *self.written.lock().unwrap());
        written.retain(|write| !write.split(' ').any(is_figure));
        written
    }

    /// Lets somebody else be quicker: just before that write, these are made.
    pub(crate) fn interpose(&self, before: &str, writes: Vec<Write>) {
        *self.interposed.lock().unwrap() = Some((before.to_owned(), writes));
    }

    async fn before(&self, write: &Write) {
        let is_next = |(before, _): &mut (String, Vec<Write>)| *before == told(write);
        let interposed = self.interposed.lock().unwrap().take_if(is_next);
        if let Some((_, writes)) = interposed {
            self.transact(writes).await.unwrap();
        }
    }

    fn note(&self, writes: Vec<(Key, String)>) {
        for (key, write) in writes {
            self.known.lock().unwrap().insert(key);
            self.written.lock().unwrap().push(write);
        }
    }
}

fn spelled(key: &Key) -> String {
    format!("{}/{}", key.pk, key.sk)
}

fn key(write: &Write) -> &Key {
    match write {
        Write::Put(item, _) => &item.key,
        Write::Update(key, ..) | Write::Delete(key, _) | Write::Check(key, _) => key,
    }
}

fn told(write: &Write) -> String {
    let verb = match write {
        Write::Put(..) => "put",
        Write::Update(..) => "update",
        Write::Delete(..) => "delete",
        Write::Check(..) => "check",
    };
    format!("{verb} {}", spelled(key(write)))
}

/// Waits for the table's thread without rest: a paused clock jumps ahead whenever everybody rests.
async fn restless<T>(work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    loop {
        if let Poll::Ready(answer) = poll!(work.as_mut()) {
            return answer;
        }
        tokio::task::yield_now().await;
    }
}

#[async_trait]
impl Table for RecordingTable {
    async fn get(&self, key: &Key, consistency: Consistency) -> Result<Option<Item>, TableError> {
        restless(self.inner.get(key, consistency)).await
    }

    async fn batch_get(&self, keys: &[Key], consistency: Consistency) -> Result<Vec<Item>, TableError> {
        restless(self.inner.batch_get(keys, consistency)).await
    }

    async fn query(&self, query: &Query) -> Result<Page, TableError> {
        restless(self.inner.query(query)).await
    }

    async fn write(&self, write: Write) -> Result<Option<Item>, TableError> {
        self.before(&write).await;
        let note = vec![(key(&write).clone(), told(&write))];
        let answer = restless(self.inner.write(write)).await?;
        self.note(note);
        Ok(answer)
    }

    async fn transact(&self, writes: Vec<Write>) -> Result<(), TableError> {
        let notes = writes.iter().map(|write| (key(write).clone(), told(write))).collect();
        restless(self.inner.transact(writes)).await?;
        self.note(notes);
        Ok(())
    }
}

/// Whether a key is of what admins are shown of the moment: nothing depends on it.
fn is_figure(key: &str) -> bool {
    key.starts_with("LIVE")
}
