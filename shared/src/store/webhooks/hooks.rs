//! Receivers: `WEBHOOKS`, an item for each.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::domain::webhooks::{Topic, WebhookSecret};
use crate::ids::{UserId, WebhookId};
use crate::ports::{
    Change, Comparison, Condition, Consistency, Direction, Key, Partition, Query, SortRange, Table,
    TableError, Write,
};
use crate::protocol::Timestamp;
use crate::store::record::{from_item, key, refused, to_item};

const WEBHOOKS: &str = "WEBHOOKS";
const REVISION: &str = "revision";
const FAILURES: &str = "failures";
const PAUSED_UNTIL: &str = "paused_until";
const LAST_ERROR: &str = "last_error";
const LAST_ERROR_AT: &str = "last_error_at";
const IS_ENABLED: &str = "is_enabled";

/// How many there may be.
pub const MOST_WEBHOOKS: usize = 20;

/// A receiver of what happens in rooms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Webhook {
    /// Its name.
    pub id: WebhookId,
    /// Where it is called.
    pub url: String,
    /// By what it knows us.
    pub secret: WebhookSecret,
    /// What it is told of.
    pub topics: Vec<Topic>,
    /// Whether it is told anything.
    pub is_enabled: bool,
    /// Who made it.
    pub created_by: UserId,
    /// When, in microseconds since 1970.
    pub created_at: i64,
    /// How often in a row it failed.
    #[serde(default)]
    pub failures: u32,
    /// Until when it is left alone, in microseconds since 1970.
    #[serde(default)]
    pub paused_until: i64,
    /// Why it failed last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
    /// When that was, in microseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_error_at: Option<i64>,
    /// Grows with every change by an admin.
    pub revision: u64,
}

/// The receivers in a table.
#[derive(Debug)]
pub struct Webhooks<'a>(pub &'a dyn Table);

impl Webhooks<'_> {
    /// All of them.
    pub async fn all(&self) -> Result<Vec<Webhook>, TableError> {
        let query = Query {
            partition: Partition::Table(WEBHOOKS.to_owned()),
            range: SortRange::All,
            direction: Direction::Forward,
            limit: 2 * MOST_WEBHOOKS,
            after: None,
            consistency: Consistency::Strong,
        };
        self.0.query(&query).await?.items.into_iter().map(from_item).collect()
    }

    /// One of them.
    pub async fn get(&self, id: &WebhookId) -> Result<Option<Webhook>, TableError> {
        self.0.get(&hook_key(id), Consistency::Strong).await?.map(from_item).transpose()
    }

    /// The write that adds one.
    pub fn addition(hook: &Webhook) -> Result<Write, TableError> {
        Ok(Write::Put(to_item(hook_key(&hook.id), hook)?, Condition::Absent))
    }

    /// The write that puts another one in its place, if no admin has changed it since it was read.
    pub fn replacement(before: &Webhook, after: Webhook) -> Result<(Write, Webhook), TableError> {
        let after = Webhook { revision: before.revision + 1, ..after };
        let write = Write::Put(to_item(hook_key(&after.id), &after)?, same(REVISION, before.revision.into()));
        Ok((write, after))
    }

    /// The write that takes one away.
    pub fn removal(id: &WebhookId) -> Write {
        Write::Delete(hook_key(id), Condition::Exists)
    }

    /// Notes that a receiver failed, and leaves it alone for a while: of several that failed at the same time, the first one
    /// counts. One that is gone for good is called no more.
    pub async fn failed(
        &self,
        hook: &Webhook,
        why: &str,
        now: Timestamp,
        paused_until: Timestamp,
        is_gone: bool,
    ) -> Result<(), TableError> {
        let set = |name: &str, value| Change::Set(name.to_owned(), value);
        let mut changes = vec![
            set(FAILURES, json!(hook.failures.saturating_add(1))),
            set(PAUSED_UNTIL, json!(paused_until.as_micros())),
            set(LAST_ERROR, json!(why)),
            set(LAST_ERROR_AT, json!(now.as_micros())),
        ];
        if is_gone {
            changes.extend([set(IS_ENABLED, json!(false)), Change::Add(REVISION.to_owned(), 1)]);
        }
        self.update(hook, changes, same(FAILURES, hook.failures.into())).await.map(drop)
    }

    /// Notes that a receiver answers again.
    pub async fn recovered(&self, hook: &Webhook) -> Result<(), TableError> {
        let changes = [FAILURES, PAUSED_UNTIL].map(|name| Change::Set(name.to_owned(), json!(0)));
        self.update(hook, changes.to_vec(), Condition::Exists).await.map(drop)
    }

    /// Takes it upon oneself to try a receiver whose pause is over; tells whether nobody else has. They leave it alone
    /// until a moment.
    pub async fn try_again(&self, hook: &Webhook, until: Timestamp) -> Result<bool, TableError> {
        let change = Change::Set(PAUSED_UNTIL.to_owned(), json!(until.as_micros()));
        self.update(hook, vec![change], same(PAUSED_UNTIL, hook.paused_until.into())).await
    }

    async fn update(
        &self,
        hook: &Webhook,
        changes: Vec<Change>,
        condition: Condition,
    ) -> Result<bool, TableError> {
        Ok(refused(self.0.write(Write::Update(hook_key(&hook.id), changes, condition)).await)?.is_none())
    }
}

fn same(name: &str, value: serde_json::Value) -> Condition {
    Condition::Compare(name.to_owned(), Comparison::Equal, value)
}

fn hook_key(id: &WebhookId) -> Key {
    key(WEBHOOKS, id.as_str())
}
