//! The keys that sign access tokens. Private halves have a partition of their own, so that a policy can keep all functions
//! but one from it.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, json};

use super::record::{from_item, key, refused, to_item};
use crate::ports::{
    Condition, Consistency, Direction, Item, Partition, Query, SortRange, Table, TableError, Write,
};

const PRIVATE: &str = "SIGNING#PRIVATE";
const PUBLIC: &str = "SIGNING#PUBLIC";
const KEY_PREFIX: &str = "KEY#";
/// More keys than any rotation leaves behind.
const MAX_KEYS: usize = 50;

/// One half of a signing key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SigningKeyRecord {
    /// The key's name in tokens.
    pub kid: String,
    /// The half, in base64url: 32 bytes of Ed25519.
    pub bytes: String,
    /// When it was made, in whole seconds since 1970.
    pub created_at: i64,
}

/// Names the key and keeps its bytes to itself.
impl fmt::Debug for SigningKeyRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKeyRecord").field("kid", &self.kid).finish_non_exhaustive()
    }
}

/// The signing keys in a table.
#[derive(Debug)]
pub struct SigningKeys<'a>(pub &'a dyn Table);

impl SigningKeys<'_> {
    /// The public halves.
    pub async fn public(&self) -> Result<Vec<SigningKeyRecord>, TableError> {
        self.all(PUBLIC).await
    }

    /// The private halves, oldest first.
    pub async fn private(&self) -> Result<Vec<SigningKeyRecord>, TableError> {
        let mut keys = self.all(PRIVATE).await?;
        keys.sort_by_key(|key| key.created_at);
        Ok(keys)
    }

    /// Stores the very first key; tells whether it is. The loser of a race reads the winner's.
    pub async fn make_first(
        &self,
        private: &SigningKeyRecord,
        public: &SigningKeyRecord,
    ) -> Result<bool, TableError> {
        let first = Item {
            key: key(PRIVATE, "FIRST"),
            attributes: Map::from_iter([("kid".into(), json!(private.kid))]),
        };
        let name = format!("{KEY_PREFIX}{}", private.kid);
        let writes = vec![
            Write::Put(first, Condition::Absent),
            Write::Put(to_item(key(PRIVATE, &name), private)?, Condition::Absent),
            Write::Put(to_item(key(PUBLIC, &name), public)?, Condition::Absent),
        ];
        match refused(self.0.transact(writes).await) {
            Ok(refusals) => Ok(refusals.is_none()),
            Err(TableError::Conflict) => Ok(false),
            Err(other) => Err(other),
        }
    }

    async fn all(&self, partition: &str) -> Result<Vec<SigningKeyRecord>, TableError> {
        let query = Query {
            partition: Partition::Table(partition.to_owned()),
            range: SortRange::Prefix(KEY_PREFIX.to_owned()),
            direction: Direction::Forward,
            limit: MAX_KEYS,
            after: None,
            consistency: Consistency::Strong,
        };
        self.0.query(&query).await?.items.into_iter().map(from_item).collect()
    }
}
