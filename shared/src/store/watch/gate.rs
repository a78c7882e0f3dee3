//! Who is ready for a state of the playback: `ROOM#<code>`, `READY`.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::ids::{RoomCode, UserId};
use crate::ports::{Change, Comparison, Condition, Item, Key, Table, TableError, Write};
use crate::store::record::{from_item, key, to_item};
use crate::store::rooms::room_key;

const VERSION: &str = "version";
/// How the attributes of those begin who are ready.
const READY: &str = "ready_";

/// The gates of rooms in a table.
#[derive(Debug)]
pub struct Gates<'a>(pub &'a dyn Table);

#[derive(Serialize, Deserialize)]
struct Row {
    version: u64,
    viewers: Vec<UserId>,
}

impl Gates<'_> {
    /// The write that lets a state of that version wait for these viewers.
    pub fn closing(room: &RoomCode, version: u64, viewers: Vec<UserId>) -> Result<Write, TableError> {
        Ok(Write::Put(to_item(gate_key(room), &Row { version, viewers })?, Condition::Always))
    }

    /// Notes that somebody is ready; answers for whom it is waited still, or none if nothing of that version waits.
    pub async fn ready(
        &self,
        room: &RoomCode,
        version: u64,
        user: UserId,
    ) -> Result<Option<Vec<UserId>>, TableError> {
        let is_same = Condition::Compare(VERSION.to_owned(), Comparison::Equal, json!(version));
        let change = Change::Set(format!("{READY}{user}"), json!(true));
        match self.0.write(Write::Update(gate_key(room), vec![change], is_same)).await {
            Ok(Some(item)) => awaited(item).map(Some),
            Ok(None) | Err(TableError::ConditionFailed(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn awaited(item: Item) -> Result<Vec<UserId>, TableError> {
    let names = item.attributes.keys().filter_map(|name| name.strip_prefix(READY)?.parse().ok());
    let ready: BTreeSet<UserId> = names.collect();
    let Row { viewers, .. } = from_item(item)?;
    Ok(viewers.into_iter().filter(|viewer| !ready.contains(viewer)).collect())
}

fn gate_key(room: &RoomCode) -> Key {
    key(room_key(room).pk, "READY")
}
