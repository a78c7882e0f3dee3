//! Queries: a partition's items in their order, page by page.

use std::cmp::{max, min};

use rusqlite::{Connection, Row, Rows, params};

use super::rows::prepare;
use super::unavailable;
use crate::ports::{Cursor, Direction, INDEX_SK, Item, Key, Page, Partition, Query, SortRange, TableError};

/// A page ends when it is this large, as DynamoDB's do.
const MAX_PAGE_BYTES: usize = 1024 * 1024;
/// Greater than every key: UTF-8 has no such byte.
const BEYOND_UTF8: &[u8] = &[0xff];

const TABLE_FORWARD: &str = "SELECT pk, sk, attributes FROM items
    WHERE pk = ?1 AND sk >= ?2 AND sk < ?3 AND (expires_at IS NULL OR expires_at > ?4)
    ORDER BY sk";
const TABLE_BACKWARD: &str = "SELECT pk, sk, attributes FROM items
    WHERE pk = ?1 AND sk >= ?2 AND sk < ?3 AND (expires_at IS NULL OR expires_at > ?4)
    ORDER BY sk DESC";
const INDEX_FORWARD: &str = "SELECT pk, sk, attributes FROM items
    WHERE index_pk = ?1 AND (index_sk, pk, sk) > (?2, ?5, ?6) AND index_sk < ?3
    AND (expires_at IS NULL OR expires_at > ?4)
    ORDER BY index_sk, pk, sk";
const INDEX_BACKWARD: &str = "SELECT pk, sk, attributes FROM items
    WHERE index_pk = ?1 AND index_sk >= ?2 AND (index_sk, pk, sk) < (?3, ?5, ?6)
    AND (expires_at IS NULL OR expires_at > ?4)
    ORDER BY index_sk DESC, pk DESC, sk DESC";

/// One page of a partition.
pub(super) fn query(db: &Connection, query: &Query, now: i64) -> Result<Page, TableError> {
    let Bounds { low, high, beside } = bounds(query);
    let mut statement = prepare(
        db,
        match (&query.partition, query.direction) {
            (Partition::Table(_), Direction::Forward) => TABLE_FORWARD,
            (Partition::Table(_), Direction::Backward) => TABLE_BACKWARD,
            (Partition::Index(_), Direction::Forward) => INDEX_FORWARD,
            (Partition::Index(_), Direction::Backward) => INDEX_BACKWARD,
        },
    )?;
    let rows = match &query.partition {
        Partition::Table(pk) => statement.query(params![pk.as_bytes(), low, high, now]),
        Partition::Index(pk) => statement.query(params![pk.as_bytes(), low, high, now, beside.0, beside.1]),
    };
    page(rows.map_err(unavailable)?, query)
}

/// A range of the order, from `low` on and before `high`.
struct Bounds {
    low: Vec<u8>,
    high: Vec<u8>,
    /// The index alone has many items at one place, ordered by their keys: the key beside which the page begins.
    beside: (Vec<u8>, Vec<u8>),
}

fn bounds(query: &Query) -> Bounds {
    let (low, high) = range_bounds(&query.range);
    let whole = Bounds { low, high, beside: Default::default() };
    match (&query.after, &query.partition) {
        (None, _) => whole,
        (Some(after), Partition::Table(_)) => whole.beyond_key(after, query.direction),
        (Some(after), Partition::Index(_)) => whole.beyond_place(after, query.direction),
    }
}

fn range_bounds(range: &SortRange) -> (Vec<u8>, Vec<u8>) {
    match range {
        SortRange::All => (Vec::new(), BEYOND_UTF8.into()),
        SortRange::Prefix(prefix) => (prefix.as_bytes().into(), [prefix.as_bytes(), BEYOND_UTF8].concat()),
        SortRange::Between(first, last) => (first.as_bytes().into(), just_after(last)),
    }
}

impl Bounds {
    fn beyond_key(self, after: &Cursor, direction: Direction) -> Self {
        match direction {
            Direction::Forward => Self { low: max(self.low, just_after(&after.key.sk)), ..self },
            Direction::Backward => Self { high: min(self.high, after.key.sk.as_bytes().into()), ..self },
        }
    }

    fn beyond_place(self, after: &Cursor, direction: Direction) -> Self {
        let place = after.index_sk.clone().unwrap_or_default().into_bytes();
        let beside = (after.key.pk.as_bytes().into(), after.key.sk.as_bytes().into());
        match direction {
            Direction::Forward => Self { low: place, beside, ..self },
            Direction::Backward => Self { high: place, beside, ..self },
        }
    }
}

/// The smallest text that is greater.
fn just_after(text: &str) -> Vec<u8> {
    [text.as_bytes(), b"\0"].concat()
}

fn page(mut rows: Rows<'_>, query: &Query) -> Result<Page, TableError> {
    let (mut items, mut bytes): (Vec<Item>, usize) = (Vec::new(), 0);
    while let Some(row) = rows.next().map_err(unavailable)? {
        if items.len() >= query.limit || bytes >= MAX_PAGE_BYTES {
            let next = items.last().map(|item| cursor(item, &query.partition));
            return Ok(Page { items, next });
        }
        let (item, size) = read_item(row)?;
        bytes += size;
        items.push(item);
    }
    Ok(Page { items, next: None })
}

fn read_item(row: &Row<'_>) -> Result<(Item, usize), TableError> {
    let text = |column| String::from_utf8(row.get(column).map_err(unavailable)?).map_err(unavailable);
    let key = Key { pk: text(0)?, sk: text(1)? };
    let attributes: String = row.get(2).map_err(unavailable)?;
    let item = Item { key, attributes: serde_json::from_str(&attributes).map_err(unavailable)? };
    Ok((item, attributes.len()))
}

fn cursor(item: &Item, partition: &Partition) -> Cursor {
    let index_sk = match partition {
        Partition::Table(_) => None,
        Partition::Index(_) => {
            item.attributes.get(INDEX_SK).and_then(|place| place.as_str()).map(str::to_owned)
        }
    };
    Cursor { key: item.key.clone(), index_sk }
}
