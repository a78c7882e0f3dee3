//! What makes a person an account: names that nobody else has, and secrets.
//!
//! A name is an item of its own, so that its being free is a condition of the write that takes it. Usernames with the same
//! first character share a partition, in alphabetical order: whoever looks for people by the beginning of a name reads a
//! part of one partition. Secrets lie apart from the person, whom many more calls read.

mod claims;
mod identities;
mod secrets;

use serde::{Deserialize, Serialize};

pub use self::claims::NameTaken;
use self::claims::{Claims, Written};
pub use self::secrets::Secrets;
use self::secrets::secrets_key;

use crate::domain::email_address::EmailAddress;
use crate::domain::username::Username;
use crate::ids::{StoredName, UserId};
use crate::ports::{
    Comparison, Condition, Consistency, Cursor, Direction, Item, Key, Partition, Query, SortRange, Table,
    TableError, Write,
};
use crate::store::accounts::admins::recount;
use crate::store::accounts::pictures::exchange;
use crate::store::accounts::user::User;
use crate::store::accounts::users::{Users, profile};
use crate::store::record::{from_item, key, refused, to_item};

/// A person, as whoever looks for usernames sees them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRow {
    /// Their number.
    pub id: UserId,
    /// Their username.
    pub username: Username,
    /// The name that others see.
    pub display_name: String,
    /// Their picture, if they have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<StoredName>,
}

/// Whose name or address it is.
#[derive(Serialize, Deserialize)]
struct Owner {
    id: UserId,
}

/// What became of an account that was to be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Addition {
    /// It is there.
    Done,
    /// Somebody has one of its names; nothing was written.
    Taken(NameTaken),
}

/// What became of a change of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountChange {
    /// The person is stored like this now.
    Done(Box<User>),
    /// Somebody has one of the new names; nothing was written.
    Taken(NameTaken),
    /// The person was changed by somebody else in between; nothing was written.
    Overtaken,
}

/// The accounts in a table.
#[derive(Debug)]
pub struct Accounts<'a>(pub &'a dyn Table);

impl Accounts<'_> {
    /// Adds an account, all of it or, where a name is taken, nothing.
    pub async fn add(&self, user: &User, secrets: &Secrets) -> Result<Addition, TableError> {
        self.add_with(user, secrets, Vec::new()).await
    }

    /// The same, if these other writes go through with it.
    pub async fn add_with(
        &self,
        user: &User,
        secrets: &Secrets,
        with: Vec<Write>,
    ) -> Result<Addition, TableError> {
        let mut writes = Claims::new(vec![
            Users::addition(user)?,
            Write::Put(to_item(secrets_key(user.id), secrets)?, Condition::Absent),
        ]);
        if let Some(username) = &user.username {
            writes.claim(NameTaken::Username, username_item(user, username)?);
        }
        if let Some(email) = &user.email {
            writes.claim(NameTaken::Email, email_item(user, email)?);
        }
        writes.0.extend(recount(None, Some(user)));
        writes.0.extend(exchange(None, Some(user))?);
        writes.0.extend(with);
        match writes.write(self.0).await? {
            Written::All => Ok(Addition::Done),
            Written::Taken(name) => Ok(Addition::Taken(name)),
            Written::Refused => Err(TableError::Unavailable("a number was given to two people".into())),
        }
    }

    /// Changes a person and their names, those at providers among them: all of it or nothing.
    pub async fn change(&self, before: &User, after: &User) -> Result<AccountChange, TableError> {
        self.change_with(before, after, Vec::new()).await
    }

    /// The same, if these other writes go through with it.
    pub async fn change_with(
        &self,
        before: &User,
        after: &User,
        with: Vec<Write>,
    ) -> Result<AccountChange, TableError> {
        let (replacement, stored) = Users::replacement(before, after)?;
        let mut writes = Claims::new(vec![replacement]);
        let (old, new) = (before.username.as_ref(), after.username.as_ref());
        let is_new = old.map(Username::folded) != new.map(Username::folded);
        if let Some(username) = new {
            let item = username_item(after, username)?;
            if is_new { writes.claim(NameTaken::Username, item) } else { writes.renew(item, after.id) }
        }
        writes.0.extend(old.filter(|_| is_new).map(|name| release(username_key(name), before.id)));
        let (old, new) = (before.email.as_ref(), after.email.as_ref());
        let is_new = old.map(EmailAddress::folded) != new.map(EmailAddress::folded);
        if let Some(email) = new.filter(|_| is_new) {
            writes.claim(NameTaken::Email, email_item(after, email)?);
        }
        writes.0.extend(old.filter(|_| is_new).map(|email| release(email_key(email), before.id)));
        writes.0.extend(exchange(Some(before), Some(after))?);
        writes.0.extend(identities::exchange(before, after)?);
        writes.0.extend(with);
        Ok(match writes.write(self.0).await? {
            Written::All => AccountChange::Done(Box::new(stored)),
            Written::Taken(name) => AccountChange::Taken(name),
            Written::Refused => AccountChange::Overtaken,
        })
    }

    /// Takes a person, their secrets and their names away; tells whether they still were as they are here, and not the last
    /// admin.
    pub async fn remove(&self, user: &User) -> Result<bool, TableError> {
        let mut writes = vec![Users::removal(user)];
        writes.extend((!user.is_guest).then(|| Write::Delete(secrets_key(user.id), Condition::Exists)));
        writes.extend(user.username.iter().map(|name| release(username_key(name), user.id)));
        writes.extend(user.email.iter().map(|email| release(email_key(email), user.id)));
        writes.extend(recount(Some(user), None));
        writes.extend(identities::releases(user));
        writes.extend(exchange(Some(user), None)?);
        Ok(refused(self.0.transact(writes).await)?.is_none())
    }

    /// People whose usernames begin so, in alphabetical order, those whose names come after one; and whether there may be more.
    pub async fn beginning_after(
        &self,
        beginning: &str,
        after: Option<&Username>,
        limit: usize,
    ) -> Result<(Vec<PersonRow>, bool), TableError> {
        let folded = beginning.to_ascii_lowercase();
        let query = Query {
            partition: Partition::Table(username_partition(&folded)),
            range: SortRange::Prefix(folded),
            direction: Direction::Forward,
            limit,
            after: after.map(|name| Cursor { key: username_key(name), index_sk: None }),
            consistency: Consistency::Eventual,
        };
        let page = self.0.query(&query).await?;
        let rows = page.items.into_iter().map(from_item).collect::<Result<_, _>>()?;
        Ok((rows, page.next.is_some()))
    }

    /// Whose username it is.
    pub async fn named(&self, username: &Username) -> Result<Option<UserId>, TableError> {
        self.owner(&username_key(username)).await
    }

    /// Whose e-mail address it is.
    pub async fn with_email(&self, email: &EmailAddress) -> Result<Option<UserId>, TableError> {
        self.owner(&email_key(email)).await
    }

    async fn owner(&self, key: &Key) -> Result<Option<UserId>, TableError> {
        let item = self.0.get(key, Consistency::Strong).await?;
        Ok(item.map(from_item::<Owner>).transpose()?.map(|row| row.id))
    }

    /// A person and their secrets, in one request; none if it isn't an account.
    pub async fn get(&self, id: UserId) -> Result<Option<(User, Secrets)>, TableError> {
        let (person, secrets) = (profile(id), secrets_key(id));
        let found = self.0.batch_get(&[person.clone(), secrets.clone()], Consistency::Strong).await?;
        let of = |key: &Key| found.iter().find(|item| item.key == *key).cloned();
        match (of(&person), of(&secrets)) {
            (Some(person), Some(secrets)) => Ok(Some((from_item(person)?, from_item(secrets)?))),
            _ => Ok(None),
        }
    }
}

/// A name goes from this person to nobody.
fn release(key: Key, owner: UserId) -> Write {
    Write::Delete(key, is_owner(owner))
}

fn is_owner(id: UserId) -> Condition {
    Condition::Compare("id".to_owned(), Comparison::Equal, id.0.into())
}

fn username_item(user: &User, username: &Username) -> Result<Item, TableError> {
    let (display_name, picture) = (user.display_name.clone(), user.picture.clone());
    to_item(
        username_key(username),
        &PersonRow { id: user.id, username: username.clone(), display_name, picture },
    )
}

fn email_item(user: &User, email: &EmailAddress) -> Result<Item, TableError> {
    to_item(email_key(email), &Owner { id: user.id })
}

/// The partition of all usernames that begin like this one.
fn username_partition(folded: &str) -> String {
    format!("USERNAME#{}", folded.chars().take(1).collect::<String>())
}

fn username_key(username: &Username) -> Key {
    let folded = username.folded();
    key(username_partition(&folded), folded)
}

fn email_key(email: &EmailAddress) -> Key {
    key(format!("EMAIL#{}", email.folded()), "OWNER")
}
