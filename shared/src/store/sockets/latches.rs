//! Who is present where: `GROUP#<name>`, one latch `HERE#<user>` per person. It is set while it exists.

use std::sync::Arc;

use serde_json::{Map, json};

use crate::ids::UserId;
use crate::ports::{Clock, Condition, EXPIRES_AT, Group, Item, Key, SortRange, Table, TableError, Write};
use crate::store::record::{key, refused};
use crate::store::sockets::connections::LIFETIME;
use crate::store::sockets::groups::{partition, query};

const PREFIX: &str = "HERE#";
/// How many latches are read at once.
const PAGE: usize = 1000;

/// The latches of people in groups. Each change is told to exactly one who asked for it.
#[derive(Debug, Clone)]
pub struct Latches {
    table: Arc<dyn Table>,
    clock: Arc<dyn Clock>,
}

impl Latches {
    /// The latches in this table.
    pub fn new(table: Arc<dyn Table>, clock: Arc<dyn Clock>) -> Self {
        Self { table, clock }
    }

    /// Sets the latch of a person; tells whether it was not set.
    pub async fn set(&self, group: &Group, user: UserId) -> Result<bool, TableError> {
        let item = self.item(group, user);
        let was = self.table.write(Write::Put(item, Condition::Always)).await?;
        Ok(was.is_none())
    }

    /// Sets the latch of a person unless it is set; tells whether this changed it.
    pub async fn set_if_open(&self, group: &Group, user: UserId) -> Result<bool, TableError> {
        let item = self.item(group, user);
        Ok(refused(self.table.write(Write::Put(item, Condition::Absent)).await)?.is_none())
    }

    /// Opens the latch of a person; tells whether this changed it.
    pub async fn open(&self, group: &Group, user: UserId) -> Result<bool, TableError> {
        let write = Write::Delete(latch_key(group, user), Condition::Exists);
        Ok(refused(self.table.write(write).await)?.is_none())
    }

    /// Whose latches are set, by ascending number.
    pub async fn present(&self, group: &Group) -> Result<Vec<UserId>, TableError> {
        let mut query = query(&partition(group, None), SortRange::Prefix(PREFIX.into()), PAGE, None);
        let mut users: Vec<UserId> = Vec::new();
        loop {
            let page = self.table.query(&query).await?;
            let found = page.items.iter().filter_map(|item| item.key.sk.strip_prefix(PREFIX));
            users.extend(found.filter_map(|user| user.parse::<UserId>().ok()));
            query.after = page.next;
            if query.after.is_none() {
                users.sort_unstable();
                return Ok(users);
            }
        }
    }

    fn item(&self, group: &Group, user: UserId) -> Item {
        let expires = self.clock.now().plus(LIFETIME).as_secs();
        Item {
            key: latch_key(group, user),
            attributes: Map::from_iter([(EXPIRES_AT.to_owned(), json!(expires))]),
        }
    }
}

fn latch_key(group: &Group, user: UserId) -> Key {
    key(partition(group, None), format!("{PREFIX}{user}"))
}
