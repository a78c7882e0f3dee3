//! In which private conversations a session has spoken: `USER#<id>`, `SPOKE#<session>#<code>`. An item of its own, since a
//! refresh rewrites the session's item whole.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::ids::{EventId, RoomCode};
use crate::ports::{
    Change, Condition, Consistency, Direction, EXPIRES_AT, Identity, Key, Partition, Query, SortRange, Table,
    TableError, Write,
};
use crate::protocol::Timestamp;
use crate::store::record::{from_item, key, refused, to_item};

/// How long it is remembered after it was noted last: longer than any session lives without being used.
const REMEMBERED: Duration = Duration::from_secs(400 * 24 * 3600);
/// How many items are read at a time.
const PAGE: usize = 100;

/// Where sessions have spoken, in a table.
#[derive(Debug)]
pub struct SessionWords<'a>(pub &'a dyn Table);

/// That a session has spoken in a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpokenIn {
    /// Where.
    pub code: RoomCode,
    /// After which event it spoke first.
    pub after: EventId,
    /// In whole seconds since 1970.
    expires_at: i64,
}

impl SessionWords<'_> {
    /// Notes that a session speaks in a conversation, whose log ends there now. What was noted before stays.
    pub async fn note(
        &self,
        who: &Identity,
        code: &RoomCode,
        after: EventId,
        now: Timestamp,
    ) -> Result<(), TableError> {
        let expires_at = now.plus(REMEMBERED).as_secs();
        let item = to_item(spoken_key(who, code), &SpokenIn { code: code.clone(), after, expires_at })?;
        if refused(self.0.write(Write::Put(item, Condition::Absent)).await)?.is_none() {
            return Ok(());
        }
        let longer = vec![Change::Set(EXPIRES_AT.to_owned(), json!(expires_at))];
        let write = Write::Update(spoken_key(who, code), longer, Condition::Exists);
        refused(self.0.write(write).await).map(drop)
    }

    /// Where a session has spoken.
    pub async fn of(&self, who: &Identity) -> Result<Vec<SpokenIn>, TableError> {
        let mut query = Query {
            partition: Partition::Table(format!("USER#{}", who.user)),
            range: SortRange::Prefix(prefix(who)),
            direction: Direction::Forward,
            limit: PAGE,
            after: None,
            consistency: Consistency::Strong,
        };
        let mut found = Vec::new();
        loop {
            let page = self.0.query(&query).await?;
            for item in page.items {
                found.push(from_item(item)?);
            }
            match page.next {
                Some(next) => query.after = Some(next),
                None => return Ok(found),
            }
        }
    }

    /// Forgets it.
    pub async fn forget(&self, who: &Identity, code: &RoomCode) -> Result<(), TableError> {
        self.0.write(Write::Delete(spoken_key(who, code), Condition::Always)).await.map(drop)
    }
}

fn prefix(who: &Identity) -> String {
    format!("SPOKE#{}#", who.session)
}

fn spoken_key(who: &Identity, code: &RoomCode) -> Key {
    key(format!("USER#{}", who.user), format!("{}{}", prefix(who), code.folded()))
}
