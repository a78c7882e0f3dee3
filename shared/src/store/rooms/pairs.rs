//! The claim that makes two people's conversation one: `PAIR#<smaller>#<larger>`. One's own notes are a pair with oneself.

use serde::{Deserialize, Serialize};

use super::room::Room;
use crate::domain::rooms::RoomKind;
use crate::ids::{RoomCode, UserId};
use crate::ports::{Condition, Consistency, Key, Table, TableError, Write};
use crate::store::Blocks;
use crate::store::record::{from_item, key, to_item};

/// The conversations of two, and of one.
#[derive(Debug)]
pub struct Pairs<'a>(pub &'a dyn Table);

/// Which conversation it is.
#[derive(Serialize, Deserialize)]
struct Pair {
    code: RoomCode,
}

impl Pairs<'_> {
    /// The conversation of these two, if they have one.
    pub async fn get(&self, one: UserId, other: UserId) -> Result<Option<RoomCode>, TableError> {
        let item = self.0.get(&pair_key(one, other), Consistency::Strong).await?;
        Ok(item.map(from_item::<Pair>).transpose()?.map(|pair| pair.code))
    }

    /// The writes by which a new room becomes the conversation of its people, the claim first; none if it is not of that
    /// kind. Of two, neither has blocked the other.
    pub(in crate::store) fn claim(room: &Room) -> Result<Vec<Write>, TableError> {
        let (one, other) = match (room.kind, room.people.as_slice()) {
            (RoomKind::Notes, [one]) => (*one, *one),
            (RoomKind::Pair, [one, other]) => (*one, *other),
            _ => return Ok(Vec::new()),
        };
        let pair = Pair { code: room.code.clone() };
        let is_free = if planted!(TwoPairs) { Condition::Always } else { Condition::Absent };
        let mut writes = vec![Write::Put(to_item(pair_key(one, other), &pair)?, is_free)];
        if one != other {
            writes.extend([Blocks::is_absent(one, other), Blocks::is_absent(other, one)]);
        }
        Ok(writes)
    }
}

/// Where the claim of two people lies, whoever comes first.
pub(in crate::store) fn pair_key(one: UserId, other: UserId) -> Key {
    let (smaller, larger) = if one.0 <= other.0 { (one, other) } else { (other, one) };
    key(format!("PAIR#{smaller}#{larger}"), "CODE")
}
