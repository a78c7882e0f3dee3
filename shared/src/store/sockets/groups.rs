//! The rows of groups: `GROUP#<name>`, one row per member.
//!
//! Rows are called `<user>#<connection>#<dialect>`, with user 0 for nobody and a letter for the dialect: one query tells
//! all that has to be known to write to a group.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::try_join_all;
use serde_json::{Map, json};

use crate::ids::{ConnectionId, UserId};
use crate::ports::{
    Clock, Comparison, Condition, Connection, Consistency, Cursor, Direction, EXPIRES_AT, Group, Item, Key,
    Partition, Query, SortRange, Table, TableError, Write,
};
use crate::store::record::key;
use crate::store::sockets::connections::LIFETIME;
use crate::store::sockets::group_pages::PAGE;
use crate::store::sockets::group_row::GroupRow;

/// Over how many partitions the feed is spread: each takes a thousand new sockets per second.
const FEED_PARTITIONS: u32 = 4;

/// When a row was written, in whole seconds since 1970. Rows are read by the hundred: every byte counts.
const WRITTEN_AT: &str = "at";

/// How many items are enough to find one that has not expired, most of the time.
const GLANCE: usize = 10;

/// The members of groups.
#[derive(Debug, Clone)]
pub struct StoredGroups {
    table: Arc<dyn Table>,
    clock: Arc<dyn Clock>,
}

/// What became of a row that was to be removed if it is old enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removal {
    /// It was, and is gone.
    Removed,
    /// It is too young, and still there.
    Young,
    /// It was gone before.
    Missing,
}

impl StoredGroups {
    /// The groups in this table.
    pub fn new(table: Arc<dyn Table>, clock: Arc<dyn Clock>) -> Self {
        Self { table, clock }
    }

    /// Adds a member, or renews its row.
    pub async fn add(&self, group: &Group, connection: &Connection) -> Result<(), TableError> {
        self.table.write(self.adding(group, connection)).await.map(drop)
    }

    /// The write that adds a member, or renews its row.
    pub fn adding(&self, group: &Group, connection: &Connection) -> Write {
        let now = self.clock.now();
        let attributes = Map::from_iter([
            (EXPIRES_AT.to_owned(), json!(now.plus(LIFETIME).as_secs())),
            (WRITTEN_AT.to_owned(), json!(now.as_secs())),
        ]);
        let key = row_key(group, &GroupRow::of(connection), &connection.id);
        Write::Put(Item { key, attributes }, Condition::Always)
    }

    /// Takes a member out; tells whether it was one.
    pub async fn remove(&self, group: &Group, connection: &Connection) -> Result<bool, TableError> {
        let key = row_key(group, &GroupRow::of(connection), &connection.id);
        let was = self.table.write(Write::Delete(key, Condition::Always)).await?;
        Ok(was.is_some())
    }

    /// Removes a row that was written at least so long ago.
    pub async fn remove_old(
        &self,
        group: &Group,
        row: &GroupRow,
        age: Duration,
    ) -> Result<Removal, TableError> {
        let Some(id) = row.connection() else {
            return Ok(Removal::Missing);
        };
        let age = i64::try_from(age.as_secs()).unwrap_or(i64::MAX);
        let before = json!(self.clock.now().as_secs().saturating_sub(age));
        let is_old = Condition::Compare(WRITTEN_AT.into(), Comparison::AtMost, before);
        match self.table.write(Write::Delete(row_key(group, row, &id), is_old)).await {
            Ok(_) => Ok(Removal::Removed),
            Err(TableError::ConditionFailed(refusals)) => {
                let is_there = refusals.iter().any(|refusal| refusal.current.is_some());
                Ok(if is_there { Removal::Young } else { Removal::Missing })
            }
            Err(error) => Err(error),
        }
    }

    /// Those of some rows that are there.
    pub async fn existing(&self, group: &Group, rows: &[GroupRow]) -> Result<Vec<GroupRow>, TableError> {
        let mut partitions: BTreeMap<String, BTreeSet<GroupRow>> = BTreeMap::new();
        for row in rows {
            if let Some(id) = row.connection() {
                partitions.entry(partition(group, Some(&id))).or_default().insert(row.clone());
            }
        }
        let found = partitions.into_iter().map(|(partition, rows)| self.existing_in(partition, rows));
        Ok(try_join_all(found).await?.concat())
    }

    /// Rows that were read one after another still lie so: a query of what lies between the first and the last one costs
    /// a fiftieth of asking for each. What lies too far away, since others came in between, is asked for by name.
    async fn existing_in(
        &self,
        partition: String,
        mut rows: BTreeSet<GroupRow>,
    ) -> Result<Vec<GroupRow>, TableError> {
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
            return Ok(Vec::new());
        };
        let range = SortRange::Between(first.0.clone(), last.0.clone());
        let page = self.table.query(&query(&partition, range, 2 * rows.len(), None)).await?;
        let found = page.items.into_iter().map(|item| GroupRow(item.key.sk));
        let mut found: Vec<_> = found.filter(|row| rows.contains(row)).collect();
        if let Some(cursor) = page.next {
            let beyond = rows.split_off(&GroupRow(cursor.key.sk.clone()));
            let beyond = beyond.into_iter().filter(|row| row.0 != cursor.key.sk);
            let keys: Vec<Key> = beyond.map(|row| key(&*partition, row.0)).collect();
            let named = self.table.batch_get(&keys, Consistency::Strong).await?;
            found.extend(named.into_iter().map(|item| GroupRow(item.key.sk)));
        }
        Ok(found)
    }

    /// All rows of a group, or none if they are more than so many.
    pub async fn rows(&self, group: &Group, most: usize) -> Result<Option<Vec<GroupRow>>, TableError> {
        let partitions = partitions(group);
        let partitions = partitions.iter().map(|partition| self.rows_in(partition, SortRange::All, most));
        let rows = try_join_all(partitions).await?.concat();
        Ok((rows.len() <= most).then_some(rows))
    }

    /// Rows of a partition; it stops reading when they are more than so many.
    async fn rows_in(
        &self,
        partition: &str,
        range: SortRange,
        most: usize,
    ) -> Result<Vec<GroupRow>, TableError> {
        let (mut rows, mut after) = (Vec::new(), None);
        loop {
            let limit = most.saturating_add(1).min(PAGE);
            let (page, next) = self.page(partition, range.clone(), after, limit).await?;
            rows.extend(page);
            after = next;
            if after.is_none() || rows.len() > most {
                return Ok(rows);
            }
        }
    }

    pub(in crate::store) async fn page(
        &self,
        partition: &str,
        range: SortRange,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<(Vec<GroupRow>, Option<Cursor>), TableError> {
        let page = self.table.query(&query(partition, range, limit, after)).await?;
        Ok((page.items.into_iter().map(|item| GroupRow(item.key.sk)).collect(), page.next))
    }

    /// Whether a group has any member.
    pub async fn is_occupied(&self, group: &Group) -> Result<bool, TableError> {
        let partitions = partitions(group);
        let partitions = partitions.iter().map(|partition| self.has_any(partition, SortRange::All));
        Ok(try_join_all(partitions).await?.contains(&true))
    }

    /// The rows of a person's sockets.
    pub async fn rows_of(&self, group: &Group, user: UserId) -> Result<Vec<GroupRow>, TableError> {
        let partitions = partitions(group);
        let rows = partitions.iter().map(|partition| self.rows_in(partition, of(user), usize::MAX));
        Ok(try_join_all(rows).await?.concat())
    }

    /// Whether any socket of a person is a member.
    pub async fn has_user(&self, group: &Group, user: UserId) -> Result<bool, TableError> {
        let partitions = partitions(group);
        let partitions = partitions.iter().map(|partition| self.has_any(partition, of(user)));
        Ok(try_join_all(partitions).await?.contains(&true))
    }

    async fn has_any(&self, partition: &str, range: SortRange) -> Result<bool, TableError> {
        let mut query = query(partition, range, GLANCE, None);
        loop {
            let page = self.table.query(&query).await?;
            query.after = page.next;
            if !page.items.is_empty() || query.after.is_none() {
                return Ok(!page.items.is_empty());
            }
        }
    }
}

/// The rows of a person.
fn of(user: UserId) -> SortRange {
    SortRange::Prefix(format!("{user}#"))
}

pub(in crate::store) fn row_key(group: &Group, row: &GroupRow, id: &ConnectionId) -> Key {
    key(partition(group, Some(id)), row.0.clone())
}

/// The partition of a group in which a connection has its row; without a connection, the group's first one.
pub(in crate::store) fn partition(group: &Group, id: Option<&ConnectionId>) -> String {
    match group {
        Group::Feed => feed_partition(id.map_or(0, |id| stable_hash(id.as_str()) % FEED_PARTITIONS)),
        Group::User(user) => format!("GROUP#user#{user}"),
        Group::Inbox(user) => format!("GROUP#inbox#{user}"),
        Group::Room(code) => format!("GROUP#room#{}", code.folded()),
    }
}

pub(in crate::store) fn partitions(group: &Group) -> Vec<String> {
    match group {
        Group::Feed => (0..FEED_PARTITIONS).map(feed_partition).collect(),
        Group::User(_) | Group::Inbox(_) | Group::Room(_) => vec![partition(group, None)],
    }
}

fn feed_partition(number: u32) -> String {
    format!("GROUP#feed#{number}")
}

/// FNV-1a: the same for ever, unlike the standard library's hashes.
fn stable_hash(text: &str) -> u32 {
    let hash = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    let hash = text.bytes().fold(0x811c_9dc5, hash);
    hash ^ (hash >> 16)
}

/// A consistent question to a partition: who has just joined must get what is said from now on.
pub(in crate::store) fn query(
    partition: &str,
    range: SortRange,
    limit: usize,
    after: Option<Cursor>,
) -> Query {
    Query {
        partition: Partition::Table(partition.to_owned()),
        range,
        direction: Direction::Forward,
        limit,
        after,
        consistency: Consistency::Strong,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> ConnectionId {
        text.parse().unwrap()
    }

    #[test]
    fn the_feed_lies_evenly_in_four_partitions_for_ever() {
        let mut counts = BTreeMap::<_, u32>::new();
        for number in 0..4000 {
            let id = id(&format!("{number:015}="));
            *counts.entry(partition(&Group::Feed, Some(&id))).or_default() += 1;
        }
        assert_eq!(counts.keys().cloned().collect::<Vec<_>>(), partitions(&Group::Feed));
        assert!(counts.values().all(|count| (800..1200).contains(count)), "{counts:?}");
        let known = partition(&Group::Feed, Some(&id("TXzPWdnOjoECGjA=")));
        assert_eq!(known, "GROUP#feed#1", "a row that is stored must be found again by every later version");
    }

    #[test]
    fn rooms_that_differ_in_case_are_one_group() {
        let room = |code: &str| partition(&Group::Room(code.parse().unwrap()), None);
        assert_eq!(room("Kino"), room("kINO"));
        assert_ne!(room("17"), partition(&Group::User(UserId(17)), None));
    }
}
