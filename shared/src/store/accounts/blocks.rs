//! Whom a person has blocked: `USER#<id>`, `BLOCK#<other>`.

use serde::{Deserialize, Serialize};

use crate::ids::UserId;
use crate::ports::{
    Condition, Consistency, Cursor, Direction, Key, Partition, Query, SortRange, Table, TableError, Write,
};
use crate::protocol::Timestamp;
use crate::store::record::{from_item, key, refused, to_item};
use crate::store::{Room, Rooms, User, pair_key};

const BLOCK: &str = "BLOCK#";

/// Who has blocked whom, in a table.
#[derive(Debug)]
pub struct Blocks<'a>(pub &'a dyn Table);

/// That somebody has blocked somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// Who is blocked.
    pub user: UserId,
    /// Since when, in microseconds since 1970.
    pub since: i64,
    /// When a guest's wish goes with them, in whole seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
}

impl Blocks<'_> {
    /// Those of some people who have blocked somebody.
    pub async fn by(&self, people: &[UserId], whom: UserId) -> Result<Vec<UserId>, TableError> {
        let mut found = Vec::new();
        for people in people.chunks(100) {
            let keys: Vec<Key> = people.iter().map(|person| block_key(*person, whom)).collect();
            let items = self.0.batch_get(&keys, Consistency::Strong).await?;
            let is_there = |person: &&UserId| {
                let key = block_key(**person, whom);
                items.iter().any(|item| item.key == key)
            };
            found.extend(people.iter().filter(is_there).copied());
        }
        Ok(found)
    }

    /// A page of those whom a person has blocked, and after whom the next one begins.
    pub async fn page(
        &self,
        user: UserId,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<(Vec<Block>, Option<UserId>), TableError> {
        let query = Query {
            partition: Partition::Table(format!("USER#{user}")),
            range: SortRange::Prefix(BLOCK.to_owned()),
            direction: Direction::Forward,
            limit,
            after: after.map(|other| Cursor { key: block_key(user, other), index_sk: None }),
            consistency: Consistency::Strong,
        };
        let page = self.0.query(&query).await?;
        let next = page.next.and_then(|cursor| cursor.key.sk.strip_prefix(BLOCK)?.parse().ok());
        let blocks = page.items.into_iter().map(from_item).collect::<Result<_, _>>()?;
        Ok((blocks, next))
    }

    /// Notes that somebody has blocked another, in their conversation of two as well if there is one: its room, as it was
    /// read and as it is to be. Tells whether nothing has changed meanwhile.
    pub async fn block(
        &self,
        user: &User,
        other: UserId,
        pair: Option<(&Room, &Room)>,
        now: Timestamp,
    ) -> Result<bool, TableError> {
        let block = Block { user: other, since: now.as_micros(), expires_at: user.expires_at };
        let write = Write::Put(to_item(block_key(user.id, other), &block)?, Condition::Always);
        self.change(write, (user.id, other), pair).await
    }

    /// The same for the end of it.
    pub async fn unblock(
        &self,
        user: UserId,
        other: UserId,
        pair: Option<(&Room, &Room)>,
    ) -> Result<bool, TableError> {
        self.change(Write::Delete(block_key(user, other), Condition::Always), (user, other), pair).await
    }

    async fn change(
        &self,
        write: Write,
        (user, other): (UserId, UserId),
        pair: Option<(&Room, &Room)>,
    ) -> Result<bool, TableError> {
        let mut writes = vec![write];
        match pair {
            Some((before, after)) => writes.extend(Rooms::replacement(before, after)?),
            None => writes.push(Write::Check(pair_key(user, other), Condition::Absent)),
        }
        match refused(self.0.transact(writes).await) {
            Ok(refusals) => Ok(refusals.is_none()),
            Err(TableError::Conflict) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The write that insists on somebody who has not blocked another.
    pub(in crate::store) fn is_absent(user: UserId, whom: UserId) -> Write {
        Write::Check(block_key(user, whom), Condition::Absent)
    }
}

fn block_key(user: UserId, other: UserId) -> Key {
    key(format!("USER#{user}"), format!("{BLOCK}{other}"))
}
