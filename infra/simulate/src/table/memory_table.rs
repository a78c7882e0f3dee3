//! A table that lies in memory.

use std::fmt::Debug;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use parlor::ports::table::{Attributes, changed, holds, is_expired, rules};
use parlor::ports::{Clock, Consistency, Item, Key, Page, Query, Refusal, Table, TableError, Write};
use parlor::protocol::Timestamp;

use super::pages;
use super::shelf::Shelf;

/// An item before and after a write.
#[derive(Debug)]
pub(crate) struct Committed<'a> {
    pub(crate) key: &'a Key,
    pub(crate) before: Option<&'a Attributes>,
    pub(crate) after: Option<&'a Attributes>,
}

/// Whoever is told of every write at the moment at which it happens.
pub(crate) trait Watcher: Debug + Send + Sync {
    fn committed(&self, writes: &[Committed<'_>]);
}

/// A table in memory.
#[derive(Debug)]
pub struct MemoryTable {
    clock: Arc<dyn Clock>,
    shelf: Mutex<Shelf>,
    watcher: Option<Arc<dyn Watcher>>,
}

/// Whether an item exists at a moment, in microseconds since 1970.
pub(super) fn is_alive(item: &Attributes, at: i64) -> bool {
    !is_expired(item, Timestamp::from_micros(at).as_secs())
}

impl MemoryTable {
    /// An empty table whose items expire by that clock.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, shelf: Mutex::default(), watcher: None }
    }

    pub(crate) fn watched_by(self, watcher: Arc<dyn Watcher>) -> Self {
        Self { watcher: Some(watcher), ..self }
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> i64 {
        self.clock.now().as_micros()
    }

    /// The item as it was so many microseconds ago.
    pub(crate) fn get_past(&self, key: &Key, ago: i64) -> Result<Option<Item>, TableError> {
        rules::check_key(key)?;
        let at = self.now() - ago;
        let shelf = self.shelf();
        let item = shelf.get(key, at).filter(|item| is_alive(item, at));
        Ok(item.map(|item| Item { key: key.clone(), attributes: (**item).clone() }))
    }

    /// A page as it was so many microseconds ago.
    pub(crate) fn query_past(&self, query: &Query, ago: i64) -> Result<Page, TableError> {
        rules::check_query(query)?;
        Ok(pages::page(&self.shelf(), query, self.now() - ago))
    }

    /// Writes all of it or nothing; answers each item as the port says.
    pub(crate) fn apply(&self, writes: Vec<Write>) -> Result<Vec<Option<Item>>, TableError> {
        let now = self.now();
        let mut shelf = self.shelf();
        check_conditions(&shelf, &writes, now)?;
        let planned = writes.into_iter().map(|write| plan(&shelf, write, now));
        let planned = planned.collect::<Result<Vec<_>, _>>()?;
        for Planned { key, after, .. } in planned.iter().filter(|planned| planned.is_change) {
            shelf.put(key, after.clone(), now);
        }
        drop(shelf);
        self.tell(&planned);
        Ok(planned.into_iter().map(Planned::answer).collect())
    }

    fn tell(&self, planned: &[Planned]) {
        let Some(watcher) = &self.watcher else { return };
        let committed = |planned: &'_ Planned| planned.is_change;
        let committed: Vec<_> = planned
            .iter()
            .filter(|planned| committed(planned))
            .map(|Planned { key, before, after, .. }| Committed {
                key,
                before: before.as_deref(),
                after: after.as_ref(),
            })
            .collect();
        watcher.committed(&committed);
    }
}

/// What a write comes to.
struct Planned {
    key: Key,
    before: Option<Arc<Attributes>>,
    after: Option<Attributes>,
    is_change: bool,
    answers_after: bool,
}

impl Planned {
    fn answer(self) -> Option<Item> {
        let before = self.before.map(|item| (*item).clone());
        let attributes = if self.answers_after { self.after } else { before };
        attributes.map(|attributes| Item { key: self.key, attributes })
    }
}

fn check_conditions(shelf: &Shelf, writes: &[Write], now: i64) -> Result<(), TableError> {
    let mut refusals = Vec::new();
    for (index, write) in writes.iter().enumerate() {
        let (key, condition) = rules::target(write);
        let current = shelf.get(key, now).filter(|item| is_alive(item, now));
        if !holds(condition, current.map(|item| &**item))? {
            let current = current.map(|item| Item { key: key.clone(), attributes: (**item).clone() });
            refusals.push(Refusal { index, current });
        }
    }
    if refusals.is_empty() { Ok(()) } else { Err(TableError::ConditionFailed(refusals)) }
}

fn plan(shelf: &Shelf, write: Write, now: i64) -> Result<Planned, TableError> {
    let stored = shelf.get(rules::target(&write).0, now).cloned();
    let before = stored.clone().filter(|item| is_alive(item, now));
    let (key, after, is_change, answers_after) = match write {
        Write::Put(item, _) => (item.key, Some(item.attributes), true, false),
        // What has expired keeps its attributes until it is deleted.
        Write::Update(key, changes, _) => {
            let attributes = stored.map(|item| (*item).clone()).unwrap_or_default();
            let item = changed(key, attributes, changes)?;
            (item.key, Some(item.attributes), true, true)
        }
        Write::Delete(key, _) => (key, None, true, false),
        Write::Check(key, _) => (key, None, false, false),
    };
    Ok(Planned { key, before, after, is_change, answers_after })
}

#[async_trait]
impl Table for MemoryTable {
    async fn get(&self, key: &Key, _: Consistency) -> Result<Option<Item>, TableError> {
        self.get_past(key, 0)
    }

    async fn batch_get(&self, keys: &[Key], _: Consistency) -> Result<Vec<Item>, TableError> {
        rules::check_different(keys.iter())?;
        let items = keys.iter().map(|key| self.get_past(key, 0)).collect::<Result<Vec<_>, _>>()?;
        Ok(items.into_iter().flatten().collect())
    }

    async fn query(&self, query: &Query) -> Result<Page, TableError> {
        self.query_past(query, 0)
    }

    async fn write(&self, write: Write) -> Result<Option<Item>, TableError> {
        if matches!(write, Write::Check(..)) {
            return Err(TableError::Invalid("a check is for transactions alone".into()));
        }
        rules::check_write(&write)?;
        Ok(self.apply(vec![write])?.pop().flatten())
    }

    async fn transact(&self, writes: Vec<Write>) -> Result<(), TableError> {
        rules::check_transaction(&writes)?;
        self.apply(writes).map(drop)
    }
}
