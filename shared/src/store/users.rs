//! People.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::record::{from_item, key, to_item};
use crate::domain::email_address::EmailAddress;
use crate::domain::role::Role;
use crate::domain::username::Username;
use crate::ids::UserId;
use crate::ports::{Change, Condition, Consistency, EXPIRES_AT, Key, Table, TableError, Write};

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

    /// The write that adds a person.
    pub fn addition(user: &User) -> Result<Write, TableError> {
        Ok(Write::Put(to_item(profile(user.id), user)?, Condition::Absent))
    }

    /// The write that lets a guest stay until then, in whole seconds since 1970.
    pub fn extension(id: UserId, expires_at: i64) -> Write {
        let changes = vec![Change::Set(EXPIRES_AT.to_owned(), expires_at.into())];
        Write::Update(profile(id), changes, Condition::Exists)
    }
}

pub(super) fn profile(id: UserId) -> Key {
    key(format!("USER#{id}"), "PROFILE")
}
