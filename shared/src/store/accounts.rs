//! What makes a person an account: names that nobody else has, and secrets.
//!
//! A name is an item of its own, so that its being free is a condition of the write that takes it. Usernames with the same
//! first character share a partition, in alphabetical order: whoever looks for people by the beginning of a name reads a
//! part of one partition. Secrets lie apart from the person, whom many more calls read.

use serde::{Deserialize, Serialize};

use super::record::{from_item, key, refused, to_item};
use super::users::{User, Users, profile};
use crate::domain::email_address::EmailAddress;
use crate::domain::secret::SecretHash;
use crate::domain::username::Username;
use crate::ids::UserId;
use crate::ports::{Comparison, Condition, Consistency, Item, Key, Table, TableError, Write};

const REVISION: &str = "revision";

/// What an account is signed in by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secrets {
    /// Of the password, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<SecretHash>,
    /// Of the phrase, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phrase: Option<SecretHash>,
    /// How often they were changed.
    pub revision: i64,
}

/// Whose name it is, and what is shown of them to who looks for names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct NameRow {
    id: UserId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    username: Option<Username>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    display_name: Option<String>,
}

/// What kept an account from being written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameTaken {
    /// Somebody has the username.
    Username,
    /// Somebody has the e-mail address.
    Email,
}

/// The accounts in a table.
#[derive(Debug)]
pub struct Accounts<'a>(pub &'a dyn Table);

impl Accounts<'_> {
    /// Adds an account, all of it or, where a name is taken, nothing.
    pub async fn add(&self, user: &User, secrets: &Secrets) -> Result<Result<(), NameTaken>, TableError> {
        let mut writes = vec![
            Users::addition(user)?,
            Write::Put(to_item(secrets_key(user.id), secrets)?, Condition::Absent),
        ];
        let mut names = Vec::new();
        if let Some(username) = &user.username {
            names.push((writes.len(), NameTaken::Username));
            writes.push(Write::Put(username_item(user, username)?, Condition::Absent));
        }
        if let Some(email) = &user.email {
            names.push((writes.len(), NameTaken::Email));
            writes.push(Write::Put(email_item(user, email)?, Condition::Absent));
        }
        let refusals = refused(self.0.transact(writes).await)?.unwrap_or_default();
        let taken = |index| names.iter().find(|(place, _)| *place == index).map(|(_, name)| *name);
        match refusals.iter().map(|refusal| taken(refusal.index)).next() {
            None => Ok(Ok(())),
            Some(Some(name)) => Ok(Err(name)),
            Some(None) => Err(TableError::Unavailable("a number was given to two people".into())),
        }
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
        Ok(item.map(from_item::<NameRow>).transpose()?.map(|row| row.id))
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

    /// The write that insists on secrets that nobody has changed since they were read: whoever ends the sessions of an
    /// account changes its secrets first, so that none begins behind their back.
    pub fn unchanged(id: UserId, secrets: &Secrets) -> Write {
        Write::Check(secrets_key(id), is_revision(secrets.revision))
    }
}

fn is_revision(revision: i64) -> Condition {
    Condition::Compare(REVISION.to_owned(), Comparison::Equal, revision.into())
}

fn username_item(user: &User, username: &Username) -> Result<Item, TableError> {
    let row = NameRow {
        id: user.id,
        username: Some(username.clone()),
        display_name: Some(user.display_name.clone()),
    };
    to_item(username_key(username), &row)
}

fn email_item(user: &User, email: &EmailAddress) -> Result<Item, TableError> {
    to_item(email_key(email), &NameRow { id: user.id, username: None, display_name: None })
}

fn secrets_key(id: UserId) -> Key {
    key(format!("USER#{id}"), "SECRETS")
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
