//! People.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::email_address::EmailAddress;
use crate::domain::provider::Provider;
use crate::domain::role::Role;
use crate::domain::username::Username;
use crate::ids::{StoredName, Subject, UserId};
use crate::ports::{
    Change, Comparison, Condition, Consistency, Direction, EXPIRES_AT, Key, Partition, Query, SortRange,
    Table, TableError, Write,
};
use crate::store::record::{from_item, key, to_item};

/// How many items are read at a time.
const PAGE: usize = 100;

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Their number.
    pub id: UserId,
    /// The name that others see.
    pub display_name: String,
    /// The name that they sign in by; guests have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<Username>,
    /// Their e-mail address, if they gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<EmailAddress>,
    /// Whether they have shown that the address is theirs: nobody may sign in by it in another way before.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_email_verified: bool,
    /// Who vouches for them besides us.
    #[serde(flatten)]
    pub identities: LinkedIdentities,
    /// The name of their picture, if they have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<StoredName>,
    /// What they may do.
    #[serde(default)]
    pub role: Role,
    /// Whether they may not sign in any more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_disabled: bool,
    /// Whether they came without an account of their own.
    pub is_guest: bool,
    /// When they came, in microseconds since 1970.
    pub created_at: i64,
    /// When they go: guests only. In whole seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
}

/// Somebody's names at the providers by which they sign in; at most one at each.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkedIdentities {
    /// At Google.
    #[serde(default, rename = "google_subject", skip_serializing_if = "Option::is_none")]
    pub google: Option<Subject>,
    /// At Facebook.
    #[serde(default, rename = "facebook_subject", skip_serializing_if = "Option::is_none")]
    pub facebook: Option<Subject>,
}

impl LinkedIdentities {
    /// The name at a provider.
    pub fn at(&self, provider: Provider) -> Option<&Subject> {
        match provider {
            Provider::Google => self.google.as_ref(),
            Provider::Facebook => self.facebook.as_ref(),
        }
    }

    /// With this name at a provider, too.
    #[must_use]
    pub fn with(mut self, provider: Provider, subject: Subject) -> Self {
        match provider {
            Provider::Google => self.google = Some(subject),
            Provider::Facebook => self.facebook = Some(subject),
        }
        self
    }
}

impl User {
    /// What everybody knows of them, and so would try first as a secret.
    pub fn known(&self) -> Vec<String> {
        let username = self.username.as_ref().map(ToString::to_string);
        let email = self.email.as_ref().map(|email| email.as_str().to_owned());
        [self.display_name.clone()].into_iter().chain(username).chain(email).collect()
    }
}

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

    /// The write that puts a changed person in the place of the one that was read.
    pub(in crate::store) fn replacement(before: &User, after: &User) -> Result<Write, TableError> {
        Ok(Write::Put(to_item(profile(after.id), after)?, is_still(before)?))
    }

    /// The write that takes away a person that was read.
    pub(in crate::store) fn removal(user: &User) -> Result<Write, TableError> {
        Ok(Write::Delete(profile(user.id), is_still(user)?))
    }

    /// Takes away whatever else lies in a person's partition once they are gone.
    pub async fn sweep(&self, id: UserId) -> Result<(), TableError> {
        let query = Query {
            partition: Partition::Table(profile(id).pk),
            range: SortRange::All,
            direction: Direction::Forward,
            limit: PAGE,
            after: None,
            consistency: Consistency::Strong,
        };
        loop {
            let page = self.0.query(&query).await?;
            for item in &page.items {
                self.0.write(Write::Delete(item.key.clone(), Condition::Always)).await?;
            }
            // What was found is gone: the next page begins where this one did.
            if page.next.is_none() {
                return Ok(());
            }
        }
    }

    /// The write that insists on an address.
    pub(in crate::store) fn has_email(id: UserId, email: &EmailAddress) -> Write {
        Write::Check(profile(id), is_email(email))
    }

    /// The write that notes that an address was shown to be a person's, if it is theirs still.
    pub fn verification(id: UserId, email: &EmailAddress) -> Write {
        let changes = vec![Change::Set("is_email_verified".to_owned(), true.into())];
        Write::Update(profile(id), changes, is_email(email))
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

fn is_email(email: &EmailAddress) -> Condition {
    Condition::Compare("email".to_owned(), Comparison::Equal, email.as_str().into())
}

/// Nobody has changed the person since they were read. A guest's end may have been put off, which is no change.
fn is_still(user: &User) -> Result<Condition, TableError> {
    let known = to_item(profile(user.id), user)?.attributes;
    let known = known.into_iter().filter(|(name, _)| name != EXPIRES_AT);
    let same = known.map(|(name, value)| Condition::Compare(name, Comparison::Equal, value));
    let absent = [
        ("username", user.username.is_none()),
        ("email", user.email.is_none()),
        ("picture", user.picture.is_none()),
        ("is_email_verified", !user.is_email_verified),
        ("is_disabled", !user.is_disabled),
        ("google_subject", user.identities.google.is_none()),
        ("facebook_subject", user.identities.facebook.is_none()),
    ];
    let absent = absent.into_iter().filter(|(_, is_absent)| *is_absent);
    let absent = absent.map(|(name, _)| Condition::Not(Box::new(Condition::Has(name.to_owned()))));
    Ok(Condition::All(same.chain(absent).collect()))
}

pub(in crate::store) fn profile(id: UserId) -> Key {
    key(format!("USER#{id}"), "PROFILE")
}
