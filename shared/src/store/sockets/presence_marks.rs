//! Who is present in which room: `HERE#<room>`, one mark per person.
//!
//! A mark is written in the transaction that writes a row of the person's into the room's group, so that there is
//! never a row without a mark. Each such join writes a new token. Whoever has left leaves a mark that says so for a while:
//! by it the check that found it out recognizes itself when it is repeated.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::ids::{PresenceToken, RoomCode, UserId};
use crate::ports::{
    Absence, AbsenceCheck, Change, Clock, Comparison, Condition, Consistency, EXPIRES_AT, Item, Key, Present,
    SortRange, Table, TableError, Write,
};
use crate::protocol::Timestamp;
use crate::store::record::{from_item, key, to_item};
use crate::store::sockets::connections::LIFETIME;
use crate::store::sockets::groups::query;

/// The newest join.
const TOKEN: &str = "token";
/// The check that found out that the person has left; present on marks of people who have.
const LEFT_BY: &str = "left_by";
/// How long it is remembered which check that was: longer than jobs are repeated.
const LEFT_KEPT: Duration = Duration::from_secs(60 * 60);
/// How many marks are read at once.
const PAGE: usize = 1000;

/// The marks of people in rooms.
#[derive(Debug, Clone)]
pub struct PresenceMarks {
    table: Arc<dyn Table>,
    clock: Arc<dyn Clock>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Mark {
    token: PresenceToken,
    name: String,
    /// In microseconds since 1970.
    since: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    left_by: Option<PresenceToken>,
    /// In whole seconds since 1970; the attribute is [`EXPIRES_AT`].
    expires_at: i64,
}

impl PresenceMarks {
    /// The marks in this table.
    pub fn new(table: Arc<dyn Table>, clock: Arc<dyn Clock>) -> Self {
        Self { table, clock }
    }

    /// The write by which somebody arrives who is not present.
    pub fn arriving(
        &self,
        room: &RoomCode,
        user: UserId,
        name: &str,
        token: &PresenceToken,
    ) -> Result<Write, TableError> {
        let now = self.clock.now();
        let mark = Mark {
            token: token.clone(),
            name: name.to_owned(),
            since: now.as_micros(),
            left_by: None,
            expires_at: now.plus(LIFETIME).as_secs(),
        };
        let is_away = Condition::Any(vec![Condition::Absent, Condition::Has(LEFT_BY.into())]);
        Ok(Write::Put(to_item(mark_key(room, user), &mark)?, is_away))
    }

    /// The write by which somebody joins once more who is present.
    pub fn returning(&self, room: &RoomCode, user: UserId, token: &PresenceToken) -> Write {
        let changes = vec![
            Change::Set(TOKEN.into(), json!(token)),
            Change::Set(EXPIRES_AT.into(), json!(self.clock.now().plus(LIFETIME).as_secs())),
        ];
        Write::Update(mark_key(room, user), changes, is_here())
    }

    /// The newest join of somebody who is present.
    pub async fn token(&self, room: &RoomCode, user: UserId) -> Result<Option<PresenceToken>, TableError> {
        let mark = self.mark(room, user).await?;
        Ok(mark.filter(|mark| mark.left_by.is_none()).map(|mark| mark.token))
    }

    /// Marks somebody as gone if they have not joined since the check was asked for.
    pub async fn leave(
        &self,
        room: &RoomCode,
        user: UserId,
        check: &AbsenceCheck,
    ) -> Result<Absence, TableError> {
        let is_same = Condition::Compare(TOKEN.into(), Comparison::Equal, json!(check.token));
        let changes = vec![
            Change::Set(LEFT_BY.into(), json!(check.id)),
            Change::Set(EXPIRES_AT.into(), json!(self.clock.now().plus(LEFT_KEPT).as_secs())),
        ];
        let is_same = if planted!(LeaveCheckWithoutToken) { Condition::Always } else { is_same };
        let condition = Condition::All(vec![is_here(), is_same]);
        match self.table.write(Write::Update(mark_key(room, user), changes, condition)).await {
            Ok(_) => Ok(Absence::Left),
            Err(TableError::ConditionFailed(refusals)) => {
                let current = refusals.into_iter().find_map(|refusal| refusal.current);
                current.map_or(Ok(Absence::LeftBefore), |item| judged(item, check))
            }
            Err(error) => Err(error),
        }
    }

    /// Who is present, in the order in which they came: everybody, or one person if they are.
    pub async fn present(&self, room: &RoomCode, user: Option<UserId>) -> Result<Vec<Present>, TableError> {
        if let Some(user) = user {
            return Ok(self
                .mark(room, user)
                .await?
                .and_then(|mark| present(user, mark))
                .into_iter()
                .collect());
        }
        let mut query = query(&partition(room), SortRange::All, PAGE, None);
        let mut all = Vec::new();
        loop {
            let page = self.table.query(&query).await?;
            for item in page.items {
                let Ok(user) = item.key.sk.parse() else { continue };
                all.extend(present(user, from_item(item)?));
            }
            query.after = page.next;
            if query.after.is_none() {
                all.sort_unstable_by_key(|present| (present.since, present.user));
                return Ok(all);
            }
        }
    }

    async fn mark(&self, room: &RoomCode, user: UserId) -> Result<Option<Mark>, TableError> {
        let item = self.table.get(&mark_key(room, user), Consistency::Strong).await?;
        item.map(from_item).transpose()
    }
}

fn is_here() -> Condition {
    Condition::All(vec![Condition::Exists, Condition::Not(Box::new(Condition::Has(LEFT_BY.into())))])
}

/// What a check is told of a mark that it could not change.
fn judged(item: Item, check: &AbsenceCheck) -> Result<Absence, TableError> {
    let mark: Mark = from_item(item)?;
    Ok(match mark.left_by {
        None => Absence::StillHere,
        Some(id) if id == check.id => Absence::Left,
        Some(_) => Absence::LeftBefore,
    })
}

fn present(user: UserId, mark: Mark) -> Option<Present> {
    let since = Timestamp::from_micros(mark.since);
    mark.left_by.is_none().then_some(Present { user, name: mark.name, since })
}

fn mark_key(room: &RoomCode, user: UserId) -> Key {
    key(partition(room), user.to_string())
}

fn partition(room: &RoomCode) -> String {
    format!("HERE#{}", room.folded())
}
