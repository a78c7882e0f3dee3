//! [`LiveCounts`] in the table: what happened is `LIVE`, `MINUTE#<minute>`, gathered in each process for some seconds.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::future::{try_join, try_join_all};
use serde::Deserialize;
use serde_json::json;

use super::open_sockets::OpenSockets;
use crate::domain::minute_counts::MinuteCounts;
use crate::ports::{
    Change, Clock, Condition, Consistency, Direction, EXPIRES_AT, Happening, LiveCounts, LiveFigures,
    Partition, Query, SortRange, Table, TableError, Tally, Write,
};
use crate::protocol::Timestamp;
use crate::store::record::{from_item, key};

const LIVE: &str = "LIVE";
/// How often a process stores what it has counted, at most: a write in so long is all that counting costs.
const STORED_EVERY: Duration = Duration::from_secs(10);
/// How long after its hour a minute is kept, in seconds.
const KEPT: i64 = 2 * 3600;

/// Counts of all processes together. What a process has counted since it stored its counts last is shown when it counts
/// again, and lost if it never does.
#[derive(Debug)]
pub struct TableLiveCounts {
    table: Arc<dyn Table>,
    clock: Arc<dyn Clock>,
    gathered: Mutex<Gathered>,
}

#[derive(Debug, Default)]
struct Gathered {
    counts: MinuteCounts,
    stored_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Row {
    minute: i64,
    #[serde(default)]
    messages: u64,
    #[serde(default)]
    delivery_errors: u64,
}

impl TableLiveCounts {
    /// The counts in a table.
    pub fn new(table: Arc<dyn Table>, clock: Arc<dyn Clock>) -> Self {
        Self { table, clock, gathered: Mutex::default() }
    }

    /// Takes out what is to be stored now.
    fn due(&self, now: Timestamp, what: Option<Happening>) -> MinuteCounts {
        let mut gathered = self.gathered.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(what) = what {
            gathered.counts.note(minute(now), what);
        }
        if gathered.stored_at.is_some_and(|at| now < at.plus(STORED_EVERY)) {
            return MinuteCounts::default();
        }
        gathered.stored_at = Some(now);
        std::mem::take(&mut gathered.counts)
    }

    async fn store(&self, counts: MinuteCounts) {
        let writes = counts.iter().map(|(minute, tally)| self.table.write(addition(minute, tally)));
        if let Err(error) = try_join_all(writes).await {
            tracing::warn!(%error, "what happened is not counted");
        }
    }

    async fn hour(&self, now: Timestamp) -> Result<Vec<Tally>, TableError> {
        let last = minute(now);
        let query = Query {
            partition: Partition::Table(LIVE.to_owned()),
            range: SortRange::Between(sort_key(last - crate::domain::minute_counts::MINUTES), sort_key(last)),
            direction: Direction::Forward,
            limit: 100,
            after: None,
            consistency: Consistency::Eventual,
        };
        let mut counts = MinuteCounts::default();
        for item in self.table.query(&query).await?.items {
            let Row { minute, messages, delivery_errors } = from_item(item)?;
            counts.add(minute, Tally { messages, delivery_errors });
        }
        Ok(counts.hour(last))
    }
}

#[async_trait]
impl LiveCounts for TableLiveCounts {
    async fn note(&self, what: Happening) {
        let due = self.due(self.clock.now(), Some(what));
        self.store(due).await;
    }

    async fn figures(&self) -> Result<LiveFigures, TableError> {
        let now = self.clock.now();
        let due = self.due(now, None);
        self.store(due).await;
        let (open, hour) = try_join(OpenSockets(&*self.table).totals(now), self.hour(now)).await?;
        let count = |count: i64| u64::try_from(count).unwrap_or(0);
        Ok(LiveFigures {
            sockets: count(open.sockets),
            people: count(open.people),
            rooms: count(open.rooms),
            hour,
        })
    }
}

fn minute(at: Timestamp) -> i64 {
    at.as_secs().div_euclid(60)
}

fn sort_key(minute: i64) -> String {
    format!("MINUTE#{minute:012}")
}

fn addition(minute: i64, tally: Tally) -> Write {
    let add = |name: &str, count: u64| {
        (count > 0).then(|| Change::Add(name.to_owned(), i64::try_from(count).unwrap_or(i64::MAX)))
    };
    let mut changes = vec![
        Change::Set("minute".to_owned(), json!(minute)),
        Change::Set(EXPIRES_AT.to_owned(), json!(minute * 60 + KEPT)),
    ];
    changes.extend(add("messages", tally.messages));
    changes.extend(add("delivery_errors", tally.delivery_errors));
    Write::Update(key(LIVE, sort_key(minute)), changes, Condition::Always)
}
