//! Tickets that nobody has used yet: `TICKET#<hash>`.

use serde_json::Map;

use crate::domain::token::TokenHash;
use crate::ports::{Condition, EXPIRES_AT, Item, Key, Table, TableError, Write};
use crate::store::record::{key, refused};

/// The unused tickets in a table. Whose they are stands in themselves.
#[derive(Debug)]
pub struct Tickets<'a>(pub &'a dyn Table);

impl Tickets<'_> {
    /// Adds a ticket that is good until then, in whole seconds since 1970.
    pub async fn add(&self, hash: &TokenHash, expires_at: i64) -> Result<(), TableError> {
        let attributes = Map::from_iter([(EXPIRES_AT.to_owned(), expires_at.into())]);
        let item = Item { key: ticket(hash), attributes };
        self.0.write(Write::Put(item, Condition::Absent)).await.map(drop)
    }

    /// Uses a ticket; tells whether it was good.
    pub async fn take(&self, hash: &TokenHash) -> Result<bool, TableError> {
        let taken = self.0.write(Write::Delete(ticket(hash), Condition::Exists)).await;
        Ok(refused(taken)?.is_none())
    }
}

fn ticket(hash: &TokenHash) -> Key {
    key(format!("TICKET#{}", hash.as_str()), "UNUSED")
}
