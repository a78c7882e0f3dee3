//! What could not be told a receiver for a whole day: `UNDELIVERED#<webhook>`, an item for each thing.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::domain::webhooks::WebhookCall;
use crate::ids::WebhookId;
use crate::ports::{
    Condition, Consistency, Direction, Key, Partition, Query, SortRange, Table, TableError, Write,
};
use crate::protocol::Timestamp;
use crate::store::record::{from_item, key, to_item};

/// How long they are kept.
const KEPT: Duration = Duration::from_secs(30 * 24 * 3600);

/// Something that could not be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undelivered {
    /// What, and whom.
    #[serde(flatten)]
    pub call: WebhookCall,
    /// Why not, the last time.
    pub why: String,
    /// When it was given up, in microseconds since 1970.
    pub given_up_at: i64,
    /// In whole seconds since 1970.
    expires_at: i64,
}

impl Undelivered {
    /// It is given up now.
    pub fn new(call: WebhookCall, why: &str, now: Timestamp) -> Self {
        let expires_at = now.plus(KEPT).as_secs();
        Self { call, why: why.to_owned(), given_up_at: now.as_micros(), expires_at }
    }
}

/// What could not be told, in a table.
#[derive(Debug)]
pub struct UndeliveredCalls<'a>(pub &'a dyn Table);

impl UndeliveredCalls<'_> {
    /// Keeps one. A second time it is the same.
    pub async fn keep(&self, undelivered: &Undelivered) -> Result<(), TableError> {
        let item = to_item(undelivered_key(&undelivered.call), undelivered)?;
        self.0.write(Write::Put(item, Condition::Always)).await.map(drop)
    }

    /// Some of a receiver's, in the order in which they happened.
    pub async fn some(&self, hook: &WebhookId, limit: usize) -> Result<Vec<Undelivered>, TableError> {
        let query = Query {
            partition: Partition::Table(partition(hook)),
            range: SortRange::All,
            direction: Direction::Forward,
            limit,
            after: None,
            consistency: Consistency::Strong,
        };
        self.0.query(&query).await?.items.into_iter().map(from_item).collect()
    }

    /// Takes one away.
    pub async fn forget(&self, call: &WebhookCall) -> Result<(), TableError> {
        self.0.write(Write::Delete(undelivered_key(call), Condition::Always)).await.map(drop)
    }
}

fn partition(hook: &WebhookId) -> String {
    format!("UNDELIVERED#{hook}")
}

fn undelivered_key(call: &WebhookCall) -> Key {
    key(partition(&call.hook), format!("{:020}#{}", call.news.at.as_micros(), call.news.id))
}
