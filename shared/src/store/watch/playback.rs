//! Where playing stands in a room: `ROOM#<code>`, `PLAYBACK`, apart from the room's own item, since it changes with every
//! command.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::domain::watch::{Lag, Playback, WatchItem};
use crate::ids::{ConnectionId, RoomCode};
use crate::ports::{Change, Comparison, Condition, Consistency, Key, Table, TableError, Write};
use crate::protocol::Timestamp;
use crate::store::record::{from_item, key, refused, to_item};
use crate::store::rooms::room_key;

/// The slowest viewer's measurement.
const SLOWEST: &str = "slowest";
const VERSION: &str = "version";
const ITEM: &str = "item";

/// The playback of rooms in a table.
#[derive(Debug)]
pub struct Playbacks<'a>(pub &'a dyn Table);

/// Where playing stands, with what is known of who changes it and who watches.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredPlayback {
    /// Where it stands.
    pub state: Playback,
    /// The last command that came by a socket.
    pub last: Option<SentCommand>,
    /// The moment at which the whole budget of commands is there again.
    pub budget: Option<Timestamp>,
    /// The slowest viewer's latency.
    pub slowest: Option<Lag>,
}

/// A command of a socket: of two from the same one, the later counts, in whatever order they come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentCommand {
    /// The socket.
    pub connection: ConnectionId,
    /// When it was sent, in milliseconds since 1970 by the gateway's clock.
    pub sent_at: i64,
}

#[derive(Serialize, Deserialize)]
struct Row {
    position: f64,
    is_playing: bool,
    rate: f64,
    version: u64,
    /// In microseconds since 1970.
    at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    item: Option<WatchItem>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_fresh: bool,
    /// In microseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    waits_until: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last: Option<SentCommand>,
    /// In microseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    budget: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    slowest: Option<Lag>,
}

impl SentCommand {
    /// Whether this one was sent before another one by the same socket.
    pub fn is_older_than(&self, other: &Self) -> bool {
        self.connection == other.connection && self.sent_at < other.sent_at
    }
}

impl Playbacks<'_> {
    /// Where playing stands; at the beginning, if nobody has changed it yet.
    pub async fn get(&self, room: &RoomCode, now: Timestamp) -> Result<StoredPlayback, TableError> {
        let Some(item) = self.0.get(&playback_key(room), Consistency::Strong).await? else {
            return Ok(StoredPlayback { state: Playback::new(now), last: None, budget: None, slowest: None });
        };
        Ok(from_item::<Row>(item)?.into())
    }

    /// Puts a state in the place of the one before it, with other writes: all of them or none. Tells whether everything was
    /// as it was when it was read.
    pub async fn replace(
        &self,
        room: &RoomCode,
        before: u64,
        after: &StoredPlayback,
        with: Vec<Write>,
    ) -> Result<bool, TableError> {
        let same = Condition::Compare(VERSION.to_owned(), Comparison::Equal, json!(before));
        let same = if planted!(VersionUnchecked) { Condition::Always } else { same };
        let condition = if before == 0 { Condition::Any(vec![Condition::Absent, same]) } else { same };
        let write = Write::Put(to_item(playback_key(room), &Row::from(after))?, condition);
        if with.is_empty() {
            return Ok(refused(self.0.write(write).await)?.is_none());
        }
        match self.0.transact([vec![write], with].concat()).await {
            Err(TableError::Conflict) => Ok(false),
            done => Ok(refused(done)?.is_none()),
        }
    }

    /// Notes what is known of the item that is watched, if the state is still of that version; tells whether it was.
    pub async fn note_figures(
        &self,
        room: &RoomCode,
        version: u64,
        item: &WatchItem,
    ) -> Result<bool, TableError> {
        let same = Condition::Compare(VERSION.to_owned(), Comparison::Equal, json!(version));
        let change = Change::Set(ITEM.to_owned(), json!(item));
        Ok(refused(self.0.write(Write::Update(playback_key(room), vec![change], same)).await)?.is_none())
    }

    /// Notes the slowest viewer's latency, where anything was ever played.
    pub async fn note_slowest(&self, room: &RoomCode, lag: &Lag) -> Result<(), TableError> {
        let change = Change::Set(SLOWEST.to_owned(), json!(lag));
        let update = Write::Update(playback_key(room), vec![change], Condition::Exists);
        refused(self.0.write(update).await).map(drop)
    }
}

impl From<Row> for StoredPlayback {
    fn from(row: Row) -> Self {
        let state = Playback {
            position: row.position,
            is_playing: row.is_playing,
            rate: row.rate,
            version: row.version,
            at: Timestamp::from_micros(row.at),
            item: row.item,
            is_fresh: row.is_fresh,
            waits_until: row.waits_until.map(Timestamp::from_micros),
        };
        let budget = row.budget.map(Timestamp::from_micros);
        Self { state, last: row.last, budget, slowest: row.slowest }
    }
}

impl From<&StoredPlayback> for Row {
    fn from(stored: &StoredPlayback) -> Self {
        let state = &stored.state;
        Self {
            position: state.position,
            is_playing: state.is_playing,
            rate: state.rate,
            version: state.version,
            at: state.at.as_micros(),
            item: state.item.clone(),
            is_fresh: state.is_fresh,
            waits_until: state.waits_until.map(Timestamp::as_micros),
            last: stored.last.clone(),
            budget: stored.budget.map(Timestamp::as_micros),
            slowest: stored.slowest,
        }
    }
}

fn playback_key(room: &RoomCode) -> Key {
    key(room_key(room).pk, "PLAYBACK")
}
