//! What admins did: `AUDIT`, an item for each deed, in the order of time. It holds numbers and no names, so that nothing
//! personal is left of somebody who goes.

use serde::{Deserialize, Serialize};

use crate::ids::{UserId, WebhookId};
use crate::openapi_macros::ToSchema;
use crate::ports::{
    Condition, Consistency, Cursor, Direction, Partition, Query, Random, SortRange, Table, TableError, Write,
};
use crate::protocol::Timestamp;
use crate::store::record::{from_item, key, to_item};

const AUDIT: &str = "AUDIT";

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuditAction {
    /// An account was made for an admin.
    AdminCreated,
    /// Somebody was made an admin.
    AdminGranted,
    /// Somebody is an admin no more.
    AdminRevoked,
    /// Somebody may not sign in any more.
    UserDisabled,
    /// Somebody may sign in again.
    UserEnabled,
    /// All of somebody's sessions were ended.
    SessionsEnded,
    /// A new key signs.
    KeysRotated,
    /// Another program is told what happens in rooms.
    WebhookCreated,
    /// It is told something else, elsewhere, or nothing for now.
    WebhookChanged,
    /// It is told nothing any more.
    WebhookDeleted,
    /// It was told again what had been put aside.
    WebhookResent,
}

/// A deed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRecord {
    /// When, in microseconds since 1970.
    pub at: i64,
    /// What.
    pub action: AuditAction,
    /// The admin who did it; none: whoever owns the table, by a command.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub admin: Option<UserId>,
    /// To whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
    /// To which webhook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook: Option<WebhookId>,
    /// The request's name in answers and logs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

impl AuditRecord {
    /// The write that notes it; it goes with the writes that do it.
    pub fn addition(&self, random: &dyn Random) -> Result<Write, TableError> {
        let name = format!("{:020}#{:016x}", self.at, u64::from_be_bytes(random.bytes()));
        Ok(Write::Put(to_item(key(AUDIT, name), self)?, Condition::Absent))
    }

    /// When it was done.
    pub fn moment(&self) -> Timestamp {
        Timestamp::from_micros(self.at)
    }
}

/// A page of deeds, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditPage {
    /// The deeds.
    pub records: Vec<AuditRecord>,
    /// After which name the next page begins; none at the end.
    pub next: Option<String>,
}

/// The deeds in a table.
#[derive(Debug)]
pub struct AuditLog<'a>(pub &'a dyn Table);

impl AuditLog<'_> {
    /// So many deeds, newest first, that come after the one of this name.
    pub async fn page(&self, after: Option<&str>, limit: usize) -> Result<AuditPage, TableError> {
        let query = Query {
            partition: Partition::Table(AUDIT.to_owned()),
            range: SortRange::All,
            direction: Direction::Backward,
            limit,
            after: after.map(|name| Cursor { key: key(AUDIT, name), index_sk: None }),
            consistency: Consistency::Strong,
        };
        let page = self.0.query(&query).await?;
        let records = page.items.into_iter().map(from_item).collect::<Result<_, _>>()?;
        Ok(AuditPage { records, next: page.next.map(|cursor| cursor.key.sk) })
    }
}
