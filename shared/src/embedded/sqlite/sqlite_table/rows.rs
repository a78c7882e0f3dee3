//! Items as rows.

use rusqlite::{CachedStatement, Connection, OptionalExtension, Transaction, params};
use serde_json::Value;

use super::unavailable;
use crate::ports::table::{Attributes, is_expired};
use crate::ports::{EXPIRES_AT, INDEX_PK, INDEX_SK, Item, Key, TableError};

const GET: &str = "SELECT attributes FROM items WHERE pk = ?1 AND sk = ?2";
const PUT: &str = "INSERT OR REPLACE INTO items (pk, sk, attributes, expires_at, index_pk, index_sk)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
const INSERT: &str = "INSERT OR IGNORE INTO items (pk, sk, attributes, expires_at, index_pk, index_sk)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
const DELETE_PARTITION: &str = "DELETE FROM items WHERE pk = ?1";
const DELETE: &str = "DELETE FROM items WHERE pk = ?1 AND sk = ?2";
const SWEEP: &str = "DELETE FROM items WHERE (pk, sk) IN
    (SELECT pk, sk FROM items WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2)";

/// What is stored under a key, expired or not.
pub(super) fn get(db: &Connection, key: &Key) -> Result<Option<Attributes>, TableError> {
    let mut statement = prepare(db, GET)?;
    let text: Option<String> = statement
        .query_row(params![key.pk.as_bytes(), key.sk.as_bytes()], |row| row.get(0))
        .optional()
        .map_err(unavailable)?;
    text.map(|text| serde_json::from_str(&text).map_err(unavailable)).transpose()
}

/// The items under these keys that have not expired. Several are read in one transaction: beginning one locks the file.
pub(super) fn get_live(db: &Connection, keys: &[Key], now: i64) -> Result<Vec<Item>, TableError> {
    let is_several = keys.len() > 1 && db.is_autocommit();
    let transaction = is_several.then(|| db.unchecked_transaction()).transpose().map_err(unavailable)?;
    let items = get_each(db, keys, now)?;
    transaction.map_or(Ok(()), Transaction::commit).map_err(unavailable)?;
    Ok(items)
}

fn get_each(db: &Connection, keys: &[Key], now: i64) -> Result<Vec<Item>, TableError> {
    let mut items = Vec::new();
    for key in keys {
        if let Some(attributes) = get(db, key)?.filter(|attributes| !is_expired(attributes, now)) {
            items.push(Item { key: key.clone(), attributes });
        }
    }
    Ok(items)
}

/// Stores an item in the place of what was there.
pub(super) fn put(db: &Connection, item: &Item) -> Result<(), TableError> {
    write(db, PUT, item).map(drop)
}

/// Stores an item where none is; tells whether that was so.
pub(super) fn insert(db: &Connection, item: &Item) -> Result<bool, TableError> {
    Ok(write(db, INSERT, item)? > 0)
}

fn write(db: &Connection, sql: &str, item: &Item) -> Result<usize, TableError> {
    let attributes = serde_json::to_string(&item.attributes).map_err(unavailable)?;
    let text = |name| item.attributes.get(name).and_then(Value::as_str).map(str::as_bytes);
    let (index_pk, index_sk) = text(INDEX_PK).zip(text(INDEX_SK)).unzip();
    let row = params![
        item.key.pk.as_bytes(),
        item.key.sk.as_bytes(),
        attributes,
        item.attributes.get(EXPIRES_AT).and_then(Value::as_i64),
        index_pk,
        index_sk
    ];
    prepare(db, sql)?.execute(row).map_err(unavailable)
}

/// Takes all items of a partition away.
pub(super) fn delete_partition(db: &Connection, pk: &str) -> Result<(), TableError> {
    prepare(db, DELETE_PARTITION)?.execute(params![pk.as_bytes()]).map(drop).map_err(unavailable)
}

/// Takes an item away, if it is there.
pub(super) fn delete(db: &Connection, key: &Key) -> Result<(), TableError> {
    let row = params![key.pk.as_bytes(), key.sk.as_bytes()];
    prepare(db, DELETE)?.execute(row).map(drop).map_err(unavailable)
}

/// Takes some expired items away, the oldest first; answers how many.
pub(super) fn delete_expired(db: &Connection, now: i64, limit: usize) -> Result<usize, TableError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    prepare(db, SWEEP)?.execute(params![now, limit]).map_err(unavailable)
}

/// A statement that is prepared once for each connection.
pub(super) fn prepare<'a>(db: &'a Connection, sql: &str) -> Result<CachedStatement<'a>, TableError> {
    db.prepare_cached(sql).map_err(unavailable)
}
