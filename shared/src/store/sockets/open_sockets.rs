//! How many sockets are open, and how many people and rooms have one.
//!
//! Each is counted in the window of ten minutes in which it began: `LIVE`, `OPEN#<window>`. A window is forgotten once no
//! socket of it can be open any more, and with it what was counted wrong because a worker died. Who has a socket is known
//! by a count of their own, `LIVE#USER#<id>` and `LIVE#ROOM#<code>`, which names the window that they are counted in.

use futures_util::future::try_join_all;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::connections::LIFETIME;
use crate::ports::{
    Change, Comparison, Condition, Connection, Consistency, Direction, EXPIRES_AT, Item, Key, Partition,
    Query, SortRange, Table, TableError, Write,
};
use crate::protocol::Timestamp;
use crate::store::record::{from_item, key, refused, to_item};

const LIVE: &str = "LIVE";
/// How long a window is, in seconds.
const WINDOW: i64 = 600;
/// How many windows a socket that is open now may have begun in.
const WINDOWS: i64 = 15;

/// How often it is tried to count somebody whose sockets come and go at the same moment.
const ATTEMPTS: u32 = 3;

const META: &str = "META";
const SOCKETS: &str = "sockets";
const PEOPLE: &str = "people";
const ROOMS: &str = "rooms";

/// What is open at a moment, or began in a window.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct OpenTotals {
    /// Sockets.
    pub(super) sockets: i64,
    /// People who have one.
    pub(super) people: i64,
    /// Rooms in which one is.
    pub(super) rooms: i64,
}

/// The sockets of one person or in one room.
#[derive(Debug, Serialize, Deserialize)]
struct Holder {
    sockets: i64,
    /// The window that it is counted in.
    window: i64,
    expires_at: i64,
}

/// The counts of open sockets in a table.
#[derive(Debug)]
pub(super) struct OpenSockets<'a>(pub(super) &'a dyn Table);

impl OpenSockets<'_> {
    /// Counts a socket that opens now.
    pub(super) async fn opened(&self, connection: &Connection, now: Timestamp) -> Result<(), TableError> {
        let window = window(connection.connected_at);
        let all = async { self.add(window, &[(SOCKETS, 1)]).await };
        let holders = holders(connection);
        let each = try_join_all(holders.iter().map(|(key, what)| self.gained(key, what, now)));
        futures_util::future::try_join(all, each).await.map(drop)
    }

    /// Counts it no more.
    pub(super) async fn closed(&self, connection: &Connection) -> Result<(), TableError> {
        let window = window(connection.connected_at);
        let all = async { self.add(window, &[(SOCKETS, -1)]).await };
        let holders = holders(connection);
        let each = try_join_all(holders.iter().map(|(key, what)| self.lost(key, what)));
        futures_util::future::try_join(all, each).await.map(drop)
    }

    /// What is open now.
    pub(super) async fn totals(&self, now: Timestamp) -> Result<OpenTotals, TableError> {
        let last = window(now);
        let range = SortRange::Between(sort_key(last - WINDOWS), sort_key(last + 1));
        let query = Query {
            partition: Partition::Table(LIVE.to_owned()),
            range,
            direction: Direction::Forward,
            limit: 100,
            after: None,
            consistency: Consistency::Eventual,
        };
        let mut totals = OpenTotals::default();
        for item in self.0.query(&query).await?.items {
            let began: OpenTotals = from_item(item)?;
            totals.sockets += began.sockets;
            totals.people += began.people;
            totals.rooms += began.rooms;
        }
        Ok(totals)
    }

    /// Somebody has one socket more. While they have any, they are counted in the window of the newest.
    async fn gained(&self, key: &Key, what: &str, now: Timestamp) -> Result<(), TableError> {
        let window = window(now);
        for _ in 0..ATTEMPTS {
            if self.hold_first(key, window, now).await? {
                return self.add(window, &[(what, 1)]).await;
            }
            if let Some(item) = self.hold_one_more(key, now).await? {
                return self.follow(key, what, &from_item(item)?, window).await;
            }
            // Their last one went in between.
        }
        Ok(())
    }

    async fn follow(&self, key: &Key, what: &str, held: &Holder, window: i64) -> Result<(), TableError> {
        if held.window < window && self.moved(key, held.window, window).await? {
            self.add(held.window, &[(what, -1)]).await?;
            self.add(window, &[(what, 1)]).await?;
        }
        Ok(())
    }

    async fn hold_one_more(&self, key: &Key, now: Timestamp) -> Result<Option<Item>, TableError> {
        let expires_at = json!(now.plus(LIFETIME).as_secs());
        let changes = vec![Change::Add(SOCKETS.into(), 1), Change::Set(EXPIRES_AT.into(), expires_at)];
        match self.0.write(Write::Update(key.clone(), changes, Condition::Exists)).await {
            Err(TableError::ConditionFailed(_)) => Ok(None),
            answer => answer,
        }
    }

    async fn hold_first(&self, key: &Key, window: i64, now: Timestamp) -> Result<bool, TableError> {
        let first = Holder { sockets: 1, window, expires_at: now.plus(LIFETIME).as_secs() };
        let put = Write::Put(to_item(key.clone(), &first)?, Condition::Absent);
        Ok(refused(self.0.write(put).await)?.is_none())
    }

    /// Tells whether it was this call that moved them.
    async fn moved(&self, key: &Key, from: i64, to: i64) -> Result<bool, TableError> {
        let is_there = Condition::Compare("window".into(), Comparison::Equal, json!(from));
        let changes = vec![Change::Set("window".into(), json!(to))];
        Ok(refused(self.0.write(Write::Update(key.clone(), changes, is_there)).await)?.is_none())
    }

    async fn lost(&self, key: &Key, what: &str) -> Result<(), TableError> {
        let one_less = Write::Update(key.clone(), vec![Change::Add(SOCKETS.into(), -1)], Condition::Exists);
        let left = match self.0.write(one_less).await {
            Err(TableError::ConditionFailed(_)) | Ok(None) => return Ok(()),
            Ok(Some(item)) => from_item::<Holder>(item)?,
            Err(error) => return Err(error),
        };
        if left.sockets > 0 {
            return Ok(());
        }
        let is_none = Condition::Compare(SOCKETS.into(), Comparison::AtMost, json!(0));
        match refused(self.0.write(Write::Delete(key.clone(), is_none)).await)? {
            None => self.add(left.window, &[(what, -1)]).await,
            // They are back.
            Some(_) => Ok(()),
        }
    }

    async fn add(&self, window: i64, counts: &[(&str, i64)]) -> Result<(), TableError> {
        let expires_at = (window + 1) * WINDOW + i64::try_from(LIFETIME.as_secs()).unwrap_or(i64::MAX);
        let mut changes = vec![Change::Set(EXPIRES_AT.into(), json!(expires_at))];
        changes.extend(counts.iter().map(|(name, count)| Change::Add((*name).to_owned(), *count)));
        self.0.write(Write::Update(key(LIVE, sort_key(window)), changes, Condition::Always)).await.map(drop)
    }
}

fn window(at: Timestamp) -> i64 {
    at.as_secs().div_euclid(WINDOW)
}

fn sort_key(window: i64) -> String {
    format!("OPEN#{window:012}")
}

/// Whose socket it is, and in which room, with the names of what they count as.
fn holders(connection: &Connection) -> Vec<(Key, &'static str)> {
    let person = connection.user().map(|user| (key(format!("{LIVE}#USER#{user}"), META), PEOPLE));
    let room = connection.endpoint.room();
    let room = room.map(|code| (key(format!("{LIVE}#ROOM#{}", code.folded()), META), ROOMS));
    person.into_iter().chain(room).collect()
}
