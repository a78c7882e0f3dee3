//! People.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use crate::domain::email_address::EmailAddress;
use crate::ids::UserId;
use crate::ports::{
    Change, Comparison, Condition, Consistency, Direction, EXPIRES_AT, Key, Partition, Query, SortRange,
    Table, TableError, Write,
};
use crate::protocol::Role;
use crate::store::ROOM_OF_PERSON;
use crate::store::accounts::user::User;
use crate::store::record::{from_item, key, to_item};

const REVISION: &str = "revision";
/// How many items are read at a time.
const PAGE: usize = 100;

/// The people in a table.
#[derive(Debug)]
pub struct Users<'a>(pub &'a dyn Table);

impl Users<'_> {
    /// The next free number.
    pub async fn next_id(&self) -> Result<UserId, TableError> {
        let counter = key("COUNTER", "USERS");
        let add = vec![Change::Add("value".to_owned(), 1)];
        let item = self.0.write(Write::Update(counter, add, Condition::Always)).await?;
        let value = item.and_then(|item| item.attributes.get("value").and_then(Value::as_u64));
        value.map(UserId).ok_or_else(|| TableError::Unavailable("the user counter has no value".into()))
    }

    /// The person of that number, as they are now.
    pub async fn get(&self, id: UserId) -> Result<Option<User>, TableError> {
        self.0.get(&profile(id), Consistency::Strong).await?.map(from_item).transpose()
    }

    /// Those who are there, by ascending number: numbers are given without a gap, so that whoever asks for one range after
    /// the other finds everybody.
    pub async fn among(&self, ids: RangeInclusive<u64>) -> Result<Vec<User>, TableError> {
        let ids: Vec<UserId> = ids.map(UserId).collect();
        let mut users = self.of(&ids).await?;
        users.sort_unstable_by_key(|user| user.id);
        Ok(users)
    }

    /// The people of these numbers who are there, in this order.
    pub async fn of(&self, ids: &[UserId]) -> Result<Vec<User>, TableError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let keys: Vec<Key> = ids.iter().map(|id| profile(*id)).collect();
        let found = self.0.batch_get(&keys, Consistency::Strong).await?;
        let mut users = found.into_iter().map(from_item).collect::<Result<Vec<User>, _>>()?;
        users.sort_by_key(|user| ids.iter().position(|id| *id == user.id));
        Ok(users)
    }

    /// The last number that was given; 0 if none was.
    pub async fn last_id(&self) -> Result<u64, TableError> {
        let item = self.0.get(&key("COUNTER", "USERS"), Consistency::Strong).await?;
        Ok(item.and_then(|item| item.attributes.get("value").and_then(Value::as_u64)).unwrap_or(0))
    }

    /// The write that insists on a person who may sign in.
    pub fn is_enabled(id: UserId) -> Write {
        if planted!(JoinOfTheErased) {
            return Write::Check(profile(id), Condition::Always);
        }
        Write::Check(profile(id), enabled())
    }

    /// The write that insists on an admin who may sign in.
    pub(in crate::store) fn is_enabled_admin(id: UserId) -> Write {
        let admin = Role::Admin.name().into();
        let is_admin = Condition::Compare("role".to_owned(), Comparison::Equal, admin);
        Write::Check(profile(id), Condition::All(vec![enabled(), is_admin]))
    }

    /// The write that adds a person.
    pub fn addition(user: &User) -> Result<Write, TableError> {
        Ok(Write::Put(to_item(profile(user.id), user)?, Condition::Absent))
    }

    /// The write that makes a person who was read the changed one, and the person that this stores. It touches nothing but what
    /// differs: a guest's end may be put off meanwhile.
    pub(in crate::store) fn replacement(before: &User, after: &User) -> Result<(Write, User), TableError> {
        let stored = User { revision: before.revision + 1, ..after.clone() };
        let changes = differences(&attributes(before)?, attributes(&stored)?);
        Ok((Write::Update(profile(before.id), changes, is_still(before)), stored))
    }

    /// The write that takes away a person that was read.
    pub(in crate::store) fn removal(user: &User) -> Write {
        Write::Delete(profile(user.id), is_still(user))
    }

    /// Takes away whatever else lies in a person's partition once they are gone, but for their rooms: what is left of them
    /// there is found by these.
    pub async fn sweep(&self, id: UserId) -> Result<(), TableError> {
        let mut query = Query {
            partition: Partition::Table(profile(id).pk),
            range: SortRange::All,
            direction: Direction::Forward,
            limit: PAGE,
            after: None,
            consistency: Consistency::Strong,
        };
        loop {
            let page = self.0.query(&query).await?;
            for item in page.items.iter().filter(|item| !item.key.sk.starts_with(ROOM_OF_PERSON)) {
                self.0.write(Write::Delete(item.key.clone(), Condition::Always)).await?;
            }
            match page.next {
                Some(next) => query.after = Some(next),
                None => return Ok(()),
            }
        }
    }

    /// The write that insists on an address of somebody.
    pub(in crate::store) fn has_email(id: UserId, email: &EmailAddress) -> Write {
        Write::Check(profile(id), is_email("email", email))
    }

    /// The write that insists on an address that somebody has or wants.
    pub(in crate::store) fn wants_email(id: UserId, email: &EmailAddress) -> Write {
        let either = ["email", "pending_email"].map(|field| is_email(field, email));
        Write::Check(profile(id), Condition::Any(either.into()))
    }

    /// The write that lets a guest stay until then, in whole seconds since 1970.
    pub fn extension(id: UserId, expires_at: i64) -> Write {
        let changes = vec![Change::Set(EXPIRES_AT.to_owned(), expires_at.into())];
        Write::Update(profile(id), changes, Condition::Exists)
    }
}

fn enabled() -> Condition {
    let is_disabled = Condition::Has("is_disabled".to_owned());
    Condition::All(vec![Condition::Exists, Condition::Not(Box::new(is_disabled))])
}

fn is_email(field: &str, email: &EmailAddress) -> Condition {
    Condition::Compare(field.to_owned(), Comparison::Equal, email.as_str().into())
}

/// Nobody has changed the person since they were read.
fn is_still(user: &User) -> Condition {
    let same = Condition::Compare(REVISION.to_owned(), Comparison::Equal, user.revision.into());
    if user.revision > 0 {
        return same;
    }
    let counted = Condition::Has(REVISION.to_owned());
    let never_counted = Condition::All(vec![Condition::Exists, Condition::Not(Box::new(counted))]);
    Condition::Any(vec![same, never_counted])
}

fn attributes(user: &User) -> Result<Map<String, Value>, TableError> {
    Ok(to_item(profile(user.id), user)?.attributes)
}

/// What makes an item of the one kind of attributes one of the other.
fn differences(before: &Map<String, Value>, after: Map<String, Value>) -> Vec<Change> {
    let gone = before.keys().filter(|name| !after.contains_key(*name)).cloned().map(Change::Remove);
    let gone: Vec<Change> = gone.collect();
    let new = after.into_iter().filter(|(name, value)| before.get(name) != Some(value));
    gone.into_iter().chain(new.map(|(name, value)| Change::Set(name, value))).collect()
}

pub(in crate::store) fn profile(id: UserId) -> Key {
    key(format!("USER#{id}"), "PROFILE")
}
