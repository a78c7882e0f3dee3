//! Who is sending a dropped text, and whether it has been sent: `DROP#path#version`.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::ports::{Change, Comparison, Condition, DropRef, Key, Table, TableError, Write};
use crate::protocol::Timestamp;
use crate::store::record::{from_item, key, refused, to_item};

/// How long one worker has a text for itself: longer than a function may run (60 s), so that no second one begins
/// before the first has ended.
const LEASE: Duration = Duration::from_secs(90);
/// How long it is remembered that a text was sent: longer than its bucket goes on repeating the event.
const MEMORY: Duration = Duration::from_secs(24 * 60 * 60);

/// The attribute that a lease ends by.
const RUNS_UNTIL: &str = "runs_until";
/// What stands there once the text has been sent: no lease ever ends.
const SENT: i64 = i64::MAX;

/// The answer to one who wants to send a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DropClaim {
    /// It is yours for a minute and a half.
    Granted(DropLease),
    /// Somebody else is at it.
    Running,
    /// It has been sent.
    Sent,
}

/// The right to send a text; two of them are told apart by when they end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DropLease {
    ends_at: Timestamp,
}

#[derive(Debug, Serialize, Deserialize)]
struct Record {
    runs_until: i64,
    expires_at: i64,
}

/// The dropped texts that a table knows of.
#[derive(Debug)]
pub struct Drops<'a>(pub &'a dyn Table);

impl Drops<'_> {
    /// Asks to be the one who sends a text.
    pub async fn claim(&self, drop: &DropRef, now: Timestamp) -> Result<DropClaim, TableError> {
        let lease = DropLease { ends_at: now.plus(LEASE) };
        let ended = Condition::Compare(RUNS_UNTIL.to_owned(), Comparison::AtMost, now.as_micros().into());
        let free = Condition::Any(vec![Condition::Absent, ended]);
        let record = record(lease.ends_at.as_micros(), now);
        let refusals = refused(self.0.write(Write::Put(to_item(place(drop), &record)?, free)).await)?;
        let Some(refusals) = refusals else {
            return Ok(DropClaim::Granted(lease));
        };
        let current = refusals.into_iter().find_map(|refusal| refusal.current);
        let current = current.map(from_item::<Record>).transpose()?;
        let sent = current.is_some_and(|record| record.runs_until == SENT);
        Ok(if sent { DropClaim::Sent } else { DropClaim::Running })
    }

    /// Notes that the text has been sent, whoever holds the lease by now.
    pub async fn mark_sent(&self, drop: &DropRef, now: Timestamp) -> Result<(), TableError> {
        let item = to_item(place(drop), &record(SENT, now))?;
        self.0.write(Write::Put(item, Condition::Always)).await.map(|_| ())
    }

    /// Gives a lease back, so that the next attempt need not wait for its end; unless somebody else holds one by now.
    pub async fn release(&self, drop: &DropRef, lease: DropLease) -> Result<(), TableError> {
        let ends_at = lease.ends_at.as_micros().into();
        let ours = Condition::Compare(RUNS_UNTIL.to_owned(), Comparison::Equal, ends_at);
        let ended = vec![Change::Set(RUNS_UNTIL.to_owned(), 0.into())];
        refused(self.0.write(Write::Update(place(drop), ended, ours)).await).map(|_| ())
    }
}

/// No version contains `#`: two texts never share a key, whatever their paths are.
fn place(drop: &DropRef) -> Key {
    key(format!("DROP#{}#{}", drop.path, drop.version), "LEASE")
}

fn record(runs_until: i64, now: Timestamp) -> Record {
    Record { runs_until, expires_at: now.plus(MEMORY).as_secs() }
}
