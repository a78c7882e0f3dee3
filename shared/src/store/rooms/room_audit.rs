//! What was done in a room: `AUDIT#<code>`, an item for each deed, kept for 90 days. It holds numbers and no names.

use serde::{Deserialize, Serialize};

use crate::ids::{RoomCode, UserId};
use crate::ports::{
    Condition, Consistency, Cursor, Direction, Partition, Query, Random, SortRange, Table, TableError, Write,
};
use crate::protocol::Timestamp;
use crate::store::record::{from_item, key, to_item};

/// How long a deed is kept, in seconds.
const KEPT: i64 = 90 * 24 * 3600;

/// What was done.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it all")]
pub enum RoomDeed {
    Created,
    Changed,
    Closed,
    Approved,
    Denied,
    Kicked,
    Banned,
    Unbanned,
    Muted,
    Unmuted,
    CoHostMade,
    CoHostRemoved,
    HostChanged,
    InvitationMade,
    InvitationEnded,
    MessageDeleted,
    Exported,
}

impl RoomDeed {
    /// Its name on the wire and in items.
    pub fn name(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Changed => "changed",
            Self::Closed => "closed",
            Self::Approved => "approved",
            Self::Denied => "denied",
            Self::Kicked => "kicked",
            Self::Banned => "banned",
            Self::Unbanned => "unbanned",
            Self::Muted => "muted",
            Self::Unmuted => "unmuted",
            Self::CoHostMade => "co_host_made",
            Self::CoHostRemoved => "co_host_removed",
            Self::HostChanged => "host_changed",
            Self::InvitationMade => "invitation_made",
            Self::InvitationEnded => "invitation_ended",
            Self::MessageDeleted => "message_deleted",
            Self::Exported => "exported",
        }
    }
}

/// A deed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomRecord {
    /// When, in microseconds since 1970.
    pub at: i64,
    /// What.
    pub action: RoomDeed,
    /// By whom; none: by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<UserId>,
    /// To whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<UserId>,
    /// Which fields, which message: no texts of people's.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// When it goes, in whole seconds since 1970.
    expires_at: i64,
}

impl RoomRecord {
    /// A deed at that moment.
    pub fn new(at: Timestamp, action: RoomDeed, actor: Option<UserId>, target: Option<UserId>) -> Self {
        let expires_at = at.as_secs().saturating_add(KEPT);
        Self { at: at.as_micros(), action, actor, target, detail: String::new(), expires_at }
    }

    /// With a word on what exactly.
    #[must_use]
    pub fn detail(self, detail: impl Into<String>) -> Self {
        Self { detail: detail.into(), ..self }
    }

    /// When it was done.
    pub fn moment(&self) -> Timestamp {
        Timestamp::from_micros(self.at)
    }
}

/// A page of deeds, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomAuditPage {
    /// The deeds.
    pub records: Vec<RoomRecord>,
    /// After which name the next page begins; none at the end.
    pub next: Option<String>,
}

/// The deeds in a table.
#[derive(Debug)]
pub struct RoomAudit<'a>(pub &'a dyn Table);

impl RoomAudit<'_> {
    /// Notes a deed.
    pub async fn note(
        &self,
        room: &RoomCode,
        record: &RoomRecord,
        random: &dyn Random,
    ) -> Result<(), TableError> {
        let name = format!("{:020}#{:016x}", record.at, u64::from_be_bytes(random.bytes()));
        let item = to_item(key(partition(room), name), record)?;
        self.0.write(Write::Put(item, Condition::Absent)).await.map(drop)
    }

    /// So many deeds, newest first, that come after the one of this name.
    pub async fn page(
        &self,
        room: &RoomCode,
        after: Option<&str>,
        limit: usize,
    ) -> Result<RoomAuditPage, TableError> {
        let query = Query {
            partition: Partition::Table(partition(room)),
            range: SortRange::All,
            direction: Direction::Backward,
            limit,
            after: after.map(|name| Cursor { key: key(partition(room), name), index_sk: None }),
            consistency: Consistency::Strong,
        };
        let page = self.0.query(&query).await?;
        let records = page.items.into_iter().map(from_item).collect::<Result<_, _>>()?;
        Ok(RoomAuditPage { records, next: page.next.map(|cursor| cursor.key.sk) })
    }
}

fn partition(room: &RoomCode) -> String {
    format!("AUDIT#{}", room.folded())
}
