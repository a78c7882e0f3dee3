//! What accounts are signed in by: `USER#<id>` / `SECRETS`.

use serde::{Deserialize, Serialize};

use super::Accounts;
use crate::domain::secret::SecretHash;
use crate::ids::UserId;
use crate::ports::{Comparison, Condition, Key, TableError, Write};
use crate::store::record::{key, refused, to_item};

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

impl Accounts<'_> {
    /// Changes secrets; tells whether nobody else had changed them since they were read.
    pub async fn change_secrets(
        &self,
        id: UserId,
        before: &Secrets,
        after: &Secrets,
    ) -> Result<bool, TableError> {
        Ok(refused(self.0.write(Self::secrets_change(id, before, after)?).await)?.is_none())
    }

    /// The write that changes secrets which nobody has changed since they were read.
    pub fn secrets_change(id: UserId, before: &Secrets, after: &Secrets) -> Result<Write, TableError> {
        Ok(Write::Put(to_item(secrets_key(id), after)?, is_revision(before.revision)))
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

pub(super) fn secrets_key(id: UserId) -> Key {
    key(format!("USER#{id}"), "SECRETS")
}
