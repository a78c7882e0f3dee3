//! The keys that sign access tokens. Private halves have a partition of their own, so that a policy can keep all functions
//! but one from it.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, json};

use crate::ports::{
    Change, Condition, Consistency, Direction, EXPIRES_AT, Item, Partition, Query, SortRange, Table,
    TableError, Write,
};
use crate::store::record::{from_item, key, refused, to_item};

const PRIVATE: &str = "SIGNING#PRIVATE";
const PUBLIC: &str = "SIGNING#PUBLIC";
const KEY_PREFIX: &str = "KEY#";
/// How many keys are read at a time.
const PAGE: usize = 50;

/// One half of a signing key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SigningKeyRecord {
    /// The key's name in tokens.
    pub kid: String,
    /// The half, in base64url: 32 bytes of Ed25519.
    pub bytes: String,
    /// When it was made, in whole seconds since 1970.
    pub created_at: i64,
    /// When it goes, once another key has taken its place. In whole seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
}

/// Names the key and keeps its bytes to itself.
impl fmt::Debug for SigningKeyRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKeyRecord").field("kid", &self.kid).finish_non_exhaustive()
    }
}

/// When the halves of a key go that another one has taken the place of, in whole seconds since 1970.
#[derive(Debug, Clone, Copy)]
pub struct KeyEnds {
    /// Once nothing more is signed by it.
    pub private: i64,
    /// Once nothing that it signed is good any more.
    pub public: i64,
}

/// The signing keys in a table.
#[derive(Debug)]
pub struct SigningKeys<'a>(pub &'a dyn Table);

impl SigningKeys<'_> {
    /// The public halves, oldest first.
    pub async fn public(&self) -> Result<Vec<SigningKeyRecord>, TableError> {
        self.all(PUBLIC).await
    }

    /// The private halves, oldest first.
    pub async fn private(&self) -> Result<Vec<SigningKeyRecord>, TableError> {
        self.all(PRIVATE).await
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
        let mut writes = vec![Write::Put(first, Condition::Absent)];
        writes.extend(additions(private, public)?);
        match refused(self.0.transact(writes).await) {
            Ok(refusals) => Ok(refusals.is_none()),
            Err(TableError::Conflict) => Ok(false),
            Err(other) => Err(other),
        }
    }

    /// Stores a key that takes the place of those that have no end yet, which it gives them.
    pub async fn succeed(
        &self,
        private: &SigningKeyRecord,
        public: &SigningKeyRecord,
        ends: &KeyEnds,
        with: Vec<Write>,
    ) -> Result<(), TableError> {
        let mut writes = with;
        writes.extend(additions(private, public)?);
        for key in self.public().await?.iter().filter(|key| key.expires_at.is_none()) {
            writes.push(end(PRIVATE, &key.kid, ends.private));
            writes.push(end(PUBLIC, &key.kid, ends.public));
        }
        self.0.transact(writes).await
    }

    async fn all(&self, partition: &str) -> Result<Vec<SigningKeyRecord>, TableError> {
        let mut query = Query {
            partition: Partition::Table(partition.to_owned()),
            range: SortRange::Prefix(KEY_PREFIX.to_owned()),
            direction: Direction::Forward,
            limit: PAGE,
            after: None,
            consistency: Consistency::Strong,
        };
        let mut keys = Vec::new();
        loop {
            let page = self.0.query(&query).await?;
            for item in page.items {
                keys.push(from_item::<SigningKeyRecord>(item)?);
            }
            query.after = page.next;
            if query.after.is_none() {
                break;
            }
        }
        keys.sort_by(|a, b| (a.created_at, &a.kid).cmp(&(b.created_at, &b.kid)));
        Ok(keys)
    }
}

fn key_name(kid: &str) -> String {
    format!("{KEY_PREFIX}{kid}")
}

fn additions(private: &SigningKeyRecord, public: &SigningKeyRecord) -> Result<[Write; 2], TableError> {
    let addition = |partition, half: &SigningKeyRecord| {
        Ok(Write::Put(to_item(key(partition, key_name(&half.kid)), half)?, Condition::Absent))
    };
    Ok([addition(PRIVATE, private)?, addition(PUBLIC, public)?])
}

fn end(partition: &str, kid: &str, expires_at: i64) -> Write {
    let changes = vec![Change::Set(EXPIRES_AT.to_owned(), expires_at.into())];
    Write::Update(key(partition, key_name(kid)), changes, Condition::Exists)
}
