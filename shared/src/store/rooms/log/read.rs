//! Reads parts of logs, none of which passes over an entry that exists.

use super::keys::{entry_key, entry_range, log_partition};
use super::row;
use crate::ids::{EventId, RoomCode};
use crate::ports::{
    Consistency, Direction, Entries, Entry, Item, Key, Partition, Query, Slice, SortRange, Table, TableError,
};

/// How many entries are looked at where many may have expired.
const LARGE_PAGE: usize = 1000;
/// How often a reader begins again who was overtaken by what it reads.
const ATTEMPTS: usize = 5;

/// The items under these keys, as they are now.
pub(super) async fn items(table: &dyn Table, keys: &[Key]) -> Result<Vec<Item>, TableError> {
    if keys.is_empty() { Ok(Vec::new()) } else { table.batch_get(keys, Consistency::Strong).await }
}

/// A part of a room's log.
pub(super) async fn slice(table: &dyn Table, room: &RoomCode, slice: Slice) -> Result<Entries, TableError> {
    if slice.from > slice.to || slice.limit == 0 {
        return Ok(Entries::default());
    }
    match slice.direction {
        Direction::Backward => backward(table, room, slice).await,
        Direction::Forward => forward(table, room, slice).await,
    }
}

/// Whatever lies below an entry was there before it, so that a gap on the way down is the end: what was there has expired.
async fn backward(table: &dyn Table, room: &RoomCode, slice: Slice) -> Result<Entries, TableError> {
    let mut run = Run::new(slice.limit);
    run.take(table, room, &slice).await?;
    run.entries.reverse();
    let is_beginning = run.entries.first().is_some_and(|entry| entry.id <= slice.from);
    Ok(Entries { more: run.more && !run.has_gap && !is_beginning, entries: run.entries })
}

/// A query that passes a place before its entry is there may still come to later entries. So reading ends at a gap, and
/// one at the beginning counts as expired only if the entry before the first one is not there afterwards either.
async fn forward(table: &dyn Table, room: &RoomCode, slice: Slice) -> Result<Entries, TableError> {
    for _ in 0..ATTEMPTS {
        let mut run = Run::new(slice.limit);
        run.take(table, room, &slice).await?;
        let first = run.entries.first().map_or(slice.from, |entry| entry.id);
        if first == slice.from || !is_there(table, room, first.previous()).await? {
            let is_end = run.entries.last().is_some_and(|entry| entry.id >= slice.to);
            return Ok(Entries { more: (run.more || run.has_gap) && !is_end, entries: run.entries });
        }
    }
    Ok(Entries { entries: Vec::new(), more: true })
}

async fn is_there(table: &dyn Table, room: &RoomCode, id: Option<EventId>) -> Result<bool, TableError> {
    let Some(id) = id else { return Ok(false) };
    Ok(table.get(&entry_key(room, id), Consistency::Strong).await?.is_some())
}

/// Entries one after another, up to a limit or a gap.
struct Run {
    entries: Vec<Entry>,
    limit: usize,
    has_gap: bool,
    /// Whether the query had not come to its end.
    more: bool,
}

impl Run {
    fn new(limit: usize) -> Self {
        Self { entries: Vec::new(), limit, has_gap: false, more: false }
    }

    async fn take(&mut self, table: &dyn Table, room: &RoomCode, slice: &Slice) -> Result<(), TableError> {
        let mut query = query(room, entry_range(slice.from, slice.to), slice.direction, slice.limit);
        loop {
            let page = table.query(&query).await?;
            let is_empty = page.items.is_empty();
            self.more = page.next.is_some();
            for item in page.items {
                if !self.push(row::entry(item)?) {
                    return Ok(());
                }
            }
            query.after = page.next;
            query.limit = if is_empty { LARGE_PAGE } else { self.limit - self.entries.len() };
            if query.after.is_none() || self.entries.len() >= self.limit {
                return Ok(());
            }
        }
    }

    /// Takes an entry that is next to the last one; tells whether it could.
    fn push(&mut self, entry: Entry) -> bool {
        if self.entries.len() == self.limit {
            self.more = true;
            return false;
        }
        let last = self.entries.last().map(|last| last.id);
        let has_gap = last.is_some_and(|last| last.0.abs_diff(entry.id.0) != 1);
        self.has_gap = has_gap && !planted!(ReadAcrossGap);
        if !self.has_gap {
            self.entries.push(entry);
        }
        !self.has_gap
    }
}

fn query(room: &RoomCode, range: SortRange, direction: Direction, limit: usize) -> Query {
    Query {
        partition: Partition::Table(log_partition(room)),
        range,
        direction,
        limit,
        after: None,
        consistency: Consistency::Strong,
    }
}
