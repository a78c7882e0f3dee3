//! How far the feed's heartbeats are planned, who is planning, and which beat was sent last.

use std::time::Duration;

use serde_json::Value;

use crate::ports::{Change, Comparison, Condition, Consistency, Item, Key, Table, TableError, Write};
use crate::protocol::Timestamp;
use crate::store::record::{key, refused};

/// How long one planner has the plan for itself: longer than enqueueing takes, short enough not to be missed.
const LEASE: Duration = Duration::from_secs(10);

const UNTIL: &str = "until";
const INTERVAL: &str = "interval";
const PLANNER_UNTIL: &str = "planner_until";
const SENT: &str = "sent_at";

/// What becomes of who asks to plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlannerLease {
    /// They may; beats are planned until this moment, or not at all.
    Granted(Option<Timestamp>),
    /// Somebody else is at it.
    Busy,
}

/// The heartbeat's two items in a table. A plan made for another interval counts for nothing.
#[derive(Debug)]
pub struct HeartbeatPlan<'a> {
    /// Where it is kept.
    pub table: &'a dyn Table,
    /// The pause between two beats.
    pub interval: Duration,
}

impl HeartbeatPlan<'_> {
    /// Until when beats are planned; none if they never were. May be a little behind.
    pub async fn planned_until(&self) -> Result<Option<Timestamp>, TableError> {
        Ok(self.until(self.table.get(&plan(), Consistency::Eventual).await?))
    }

    /// Asks to be the one who plans.
    pub async fn lease(&self, now: Timestamp) -> Result<PlannerLease, TableError> {
        let has = Condition::Has(PLANNER_UNTIL.to_owned());
        let over = Condition::Compare(PLANNER_UNTIL.to_owned(), Comparison::AtMost, now.as_micros().into());
        let free = Condition::Any(vec![Condition::Not(Box::new(has)), over]);
        let change = Change::Set(PLANNER_UNTIL.to_owned(), now.plus(LEASE).as_micros().into());
        match self.table.write(Write::Update(plan(), vec![change], free)).await {
            Ok(item) => Ok(PlannerLease::Granted(self.until(item))),
            Err(TableError::ConditionFailed(_)) => Ok(PlannerLease::Busy),
            Err(other) => Err(other),
        }
    }

    /// Gives the lease back; beats are planned until then, if that has changed.
    pub async fn release(&self, until: Option<Timestamp>) -> Result<(), TableError> {
        let mut changes = vec![Change::Remove(PLANNER_UNTIL.to_owned())];
        if let Some(until) = until {
            changes.push(Change::Set(UNTIL.to_owned(), until.as_micros().into()));
            changes.push(Change::Set(INTERVAL.to_owned(), self.micros()));
        }
        self.table.write(Write::Update(plan(), changes, Condition::Always)).await.map(drop)
    }

    /// Claims a beat; tells whether nobody had claimed it, or a later one, before.
    pub async fn claim(&self, beat: Timestamp) -> Result<bool, TableError> {
        let moment = Value::from(beat.as_micros());
        let earlier = Condition::Compare(SENT.to_owned(), Comparison::Less, moment.clone());
        let condition = Condition::Any(vec![Condition::Absent, earlier]);
        let change = Change::Set(SENT.to_owned(), moment);
        Ok(refused(self.table.write(Write::Update(last_beat(), vec![change], condition)).await)?.is_none())
    }

    fn until(&self, item: Option<Item>) -> Option<Timestamp> {
        let attributes = item?.attributes;
        let until = attributes.get(UNTIL)?.as_i64().map(Timestamp::from_micros);
        until.filter(|_| attributes.get(INTERVAL) == Some(&self.micros()))
    }

    fn micros(&self) -> Value {
        u64::try_from(self.interval.as_micros()).unwrap_or(u64::MAX).into()
    }
}

fn plan() -> Key {
    key("HEARTBEAT", "PLAN")
}

fn last_beat() -> Key {
    key("HEARTBEAT", "LAST")
}
