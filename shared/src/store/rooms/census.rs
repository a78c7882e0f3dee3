//! When the people in a room are counted next: `ROOM#<code>`, `CENSUS`.

use serde_json::json;

use super::all_rooms::room_key;
use crate::ids::RoomCode;
use crate::ports::{Change, Comparison, Condition, Key, Table, TableError, Write};
use crate::protocol::Timestamp;
use crate::store::record::{key, refused};

/// When they are counted next, or were counted last, in microseconds since 1970.
const COUNTED_AT: &str = "counted_at";

/// The counting of rooms in a table.
#[derive(Debug)]
pub struct Census<'a>(pub &'a dyn Table);

impl Census<'_> {
    /// Asks to count a room at that moment; tells whether nobody is about to do so already.
    pub async fn claim(&self, room: &RoomCode, now: Timestamp, at: Timestamp) -> Result<bool, TableError> {
        let is_over = Condition::Compare(COUNTED_AT.to_owned(), Comparison::AtMost, json!(now.as_micros()));
        let is_due = Condition::Any(vec![Condition::Absent, is_over]);
        let changes = vec![Change::Set(COUNTED_AT.to_owned(), json!(at.as_micros()))];
        let write = Write::Update(census_key(room), changes, is_due);
        Ok(refused(self.0.write(write).await)?.is_none())
    }
}

fn census_key(room: &RoomCode) -> Key {
    key(room_key(room).pk, "CENSUS")
}
