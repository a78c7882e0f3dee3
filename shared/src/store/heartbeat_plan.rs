//! How far the feed's heartbeats are planned, and which one was sent last.

use serde_json::Value;

use super::record::{key, refused};
use crate::ports::{Change, Comparison, Condition, Consistency, Key, Table, TableError, Write};
use crate::protocol::Timestamp;

/// The heartbeat's two items in a table.
#[derive(Debug)]
pub struct HeartbeatPlan<'a>(pub &'a dyn Table);

const UNTIL: &str = "until";
const SLOT: &str = "slot";

impl HeartbeatPlan<'_> {
    /// Until when beats are planned; none if they never were. May be a little behind.
    pub async fn planned_until(&self) -> Result<Option<Timestamp>, TableError> {
        let item = self.0.get(&plan(), Consistency::Eventual).await?;
        let until = item.and_then(|item| item.attributes.get(UNTIL).and_then(Value::as_i64));
        Ok(until.map(Timestamp::from_micros))
    }

    /// Moves the plan's end; tells whether it still stood where the caller thought it did, so that one planner wins.
    pub async fn move_end(&self, from: Option<Timestamp>, to: Timestamp) -> Result<bool, TableError> {
        let condition = match from {
            None => Condition::Absent,
            Some(from) => Condition::Compare(UNTIL.to_owned(), Comparison::Equal, from.as_micros().into()),
        };
        let change = Change::Set(UNTIL.to_owned(), to.as_micros().into());
        Ok(refused(self.0.write(Write::Update(plan(), vec![change], condition)).await)?.is_none())
    }

    /// Claims a slot; tells whether nobody had claimed it, or a later one, before.
    pub async fn claim(&self, slot: i64) -> Result<bool, TableError> {
        let earlier = Condition::Compare(SLOT.to_owned(), Comparison::Less, slot.into());
        let condition = Condition::Any(vec![Condition::Absent, earlier]);
        let change = Change::Set(SLOT.to_owned(), slot.into());
        Ok(refused(self.0.write(Write::Update(last_slot(), vec![change], condition)).await)?.is_none())
    }
}

fn plan() -> Key {
    key("HEARTBEAT", "PLAN")
}

fn last_slot() -> Key {
    key("HEARTBEAT", "SLOT")
}
