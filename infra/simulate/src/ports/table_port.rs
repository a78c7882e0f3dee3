//! The table as a worker sees it from afar: its calls take time, fail, and answer what was a moment ago where that is
//! allowed.

use std::sync::Arc;

use async_trait::async_trait;
use parlor::ports::{
    Condition, Consistency, Cursor, Direction, Item, Key, Page, Partition, Query, SortRange, Table,
    TableError, Write,
};

use crate::kernel::{Gate, World};
use crate::table::MemoryTable;

/// The longest that an eventually consistent read lags behind, in microseconds.
const LAG: i64 = 1_500_000;
/// Once in how many queries its page is not read at one moment.
const TORN: u32 = 6;

/// A table behind a network.
#[derive(Debug)]
pub(super) struct TablePort {
    world: Arc<World>,
    table: Arc<MemoryTable>,
}

/// What becomes of a write.
enum Fate {
    Happens,
    Fails,
    HappensUnanswered,
    Conflicts,
}

impl TablePort {
    pub(super) fn new(world: Arc<World>, table: Arc<MemoryTable>) -> Self {
        Self { world, table }
    }

    async fn pass(&self, label: String) -> Result<(), TableError> {
        Gate::call(&self.world, label).await;
        if self.world.draw(|chance, faults| chance.one_in(faults.unavailable)) {
            self.world.fault("the table is away");
            return Err(away());
        }
        Ok(())
    }

    /// How far back an answer lies.
    fn lag(&self, consistency: Consistency) -> i64 {
        match consistency {
            Consistency::Strong => 0,
            Consistency::Eventual => self.world.draw(|chance, _| match chance.below(3) {
                0 => chance.between(0, LAG),
                _ => 0,
            }),
        }
    }

    fn fate(&self, writes: usize) -> Fate {
        self.world.draw(|chance, faults| {
            if chance.one_in(faults.failed_write) {
                Fate::Fails
            } else if chance.one_in(faults.lost_answer) {
                Fate::HappensUnanswered
            } else if writes > 1 && chance.one_in(faults.conflict) {
                Fate::Conflicts
            } else {
                Fate::Happens
            }
        })
    }

    async fn write_all<T>(
        &self,
        (label, writes): (String, usize),
        write: impl Future<Output = Result<T, TableError>>,
    ) -> Result<T, TableError> {
        let is_append = label.contains("put LOG#");
        Gate::call(&self.world, label).await;
        let fate = self.fate(writes);
        if is_append && matches!(fate, Fate::Happens | Fate::HappensUnanswered) {
            self.world.doubt(matches!(fate, Fate::HappensUnanswered));
        }
        match fate {
            Fate::Happens => write.await,
            Fate::Fails => {
                self.world.fault("a write failed");
                Err(away())
            }
            Fate::Conflicts => {
                self.world.fault("a transaction met another");
                Err(TableError::Conflict)
            }
            Fate::HappensUnanswered => {
                self.world.fault("the answer of a write was lost");
                write.await?;
                Err(away())
            }
        }
    }

    /// Reads a page in two parts: what is written in between is seen in one of them and not in the other.
    async fn torn(&self, query: &Query, edge: String) -> Result<Page, TableError> {
        let Partition::Table(pk) = &query.partition else { return self.table.query(query).await };
        let first = Query { range: cut(&query.range, &edge), ..query.clone() };
        let mut page = self.table.query(&first).await?;
        if page.next.is_some() {
            return Ok(page);
        }
        // A full page says where it ended: what the cut keeps out may come after it.
        if let Some(last) = page.items.last().filter(|_| page.items.len() >= query.limit) {
            return Ok(Page { next: Some(Cursor { key: last.key.clone(), index_sk: None }), ..page });
        }
        let pause = self.world.draw(|chance, _| chance.between(1_000, 120_000));
        Gate::at(&self.world, self.world.now() + pause, "the rest of a page".to_owned()).await;
        let after = Some(Cursor { key: Key { pk: pk.clone(), sk: edge }, index_sk: None });
        let rest = Query { after, limit: query.limit - page.items.len(), ..query.clone() };
        let rest = self.table.query(&rest).await?;
        page.items.extend(rest.items);
        Ok(Page { next: rest.next, ..page })
    }

    /// Where a page is torn, if it is: at one of its items, or at the place where the next one will come.
    fn edge(&self, query: &Query) -> Option<String> {
        let is_whole = query.direction == Direction::Backward || query.consistency == Consistency::Eventual;
        if is_whole || !self.world.draw(|chance, _| chance.one_in(TORN)) || self.world.is_instant() {
            return None;
        }
        let page = self.table.query_past(query, 0).ok()?;
        let chosen = self.world.draw(|chance, _| chance.below(page.items.len() + 1));
        match page.items.get(chosen) {
            Some(item) => Some(item.key.sk.clone()),
            None => next_number(&page.items.last()?.key.sk),
        }
    }
}

fn next_number(text: &str) -> Option<String> {
    let number: u64 = text.parse().ok()?;
    Some(format!("{:0width$}", number + 1, width = text.len()))
}

/// A range up to a place.
fn cut(range: &SortRange, edge: &str) -> SortRange {
    match range {
        SortRange::Between(first, last) if last.as_str() < edge => {
            SortRange::Between(first.clone(), last.clone())
        }
        SortRange::Between(first, _) if first.as_str() <= edge => {
            SortRange::Between(first.clone(), edge.to_owned())
        }
        SortRange::Prefix(prefix) if prefix.as_str() <= edge => {
            SortRange::Between(prefix.clone(), edge.to_owned())
        }
        SortRange::All => SortRange::Between("\u{1}".to_owned(), edge.to_owned()),
        other => other.clone(),
    }
}

fn away() -> TableError {
    TableError::Unavailable("the simulation asked for it".into())
}

fn told(write: &Write) -> String {
    let (verb, key) = match write {
        Write::Put(item, _) => ("put", &item.key),
        Write::Update(key, _, condition) => {
            (if matches!(condition, Condition::Always) { "update" } else { "update if" }, key)
        }
        Write::Delete(key, _) => ("delete", key),
        Write::Check(key, _) => ("check", key),
    };
    format!("{verb} {}/{}", key.pk, key.sk)
}

#[async_trait]
impl Table for TablePort {
    async fn get(&self, key: &Key, consistency: Consistency) -> Result<Option<Item>, TableError> {
        self.pass(format!("get {}/{}", key.pk, key.sk)).await?;
        self.table.get_past(key, self.lag(consistency))
    }

    async fn batch_get(&self, keys: &[Key], consistency: Consistency) -> Result<Vec<Item>, TableError> {
        self.pass(format!("get {} items", keys.len())).await?;
        if consistency == Consistency::Strong {
            return self.table.batch_get(keys, consistency).await;
        }
        let items = keys.iter().map(|key| self.table.get_past(key, self.lag(consistency)));
        Ok(items.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }

    async fn query(&self, query: &Query) -> Result<Page, TableError> {
        let (Partition::Table(pk) | Partition::Index(pk)) = &query.partition;
        self.pass(format!("query {pk}")).await?;
        match self.edge(query) {
            Some(edge) => self.torn(query, edge).await,
            None => self.table.query_past(query, self.lag(query.consistency)),
        }
    }

    async fn write(&self, write: Write) -> Result<Option<Item>, TableError> {
        self.write_all((told(&write), 1), self.table.write(write)).await
    }

    async fn transact(&self, writes: Vec<Write>) -> Result<(), TableError> {
        let label = writes.iter().map(told).collect::<Vec<_>>().join(", ");
        self.write_all((format!("transact {label}"), writes.len()), self.table.transact(writes)).await
    }
}
