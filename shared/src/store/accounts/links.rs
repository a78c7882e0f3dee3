//! Links that were mailed and that nobody has used yet: `USER#<id>` / `LINK#<hash>`, so that they go with their account.

use serde::{Deserialize, Serialize};

use crate::domain::email_address::EmailAddress;
use crate::domain::link_token::{LinkKind, LinkToken};
use crate::ports::{Condition, Consistency, Key, Table, TableError, Write};
use crate::store::accounts::users::Users;
use crate::store::record::{from_item, key, refused, to_item};

/// What a mailed link stands for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The address that it was mailed to.
    pub email: EmailAddress,
    /// The revision of the account's secrets: once they are others, the link replaces them no more.
    pub revision: i64,
    /// When it ends, in whole seconds since 1970.
    pub expires_at: i64,
}

/// The unused links in a table.
#[derive(Debug)]
pub struct Links<'a>(pub &'a dyn Table);

impl Links<'_> {
    /// Adds a link if its account still has this address, or, to confirm it, wants it; tells whether that is so.
    pub async fn add(&self, token: &LinkToken, link: &Link) -> Result<bool, TableError> {
        let still = match token.kind {
            LinkKind::VerifyEmail => Users::wants_email(token.user, &link.email),
            LinkKind::ResetPassword => Users::has_email(token.user, &link.email),
        };
        let writes = vec![still, Write::Put(to_item(link_key(token), link)?, Condition::Absent)];
        Ok(refused(self.0.transact(writes).await)?.is_none())
    }

    /// What a token's link stands for, if it is still good.
    pub async fn get(&self, token: &LinkToken) -> Result<Option<Link>, TableError> {
        self.0.get(&link_key(token), Consistency::Strong).await?.map(from_item).transpose()
    }

    /// The write that uses a link up, for whoever is the first.
    pub fn use_up(token: &LinkToken) -> Write {
        Write::Delete(link_key(token), Condition::Exists)
    }
}

fn link_key(token: &LinkToken) -> Key {
    key(format!("USER#{}", token.user), format!("LINK#{}", token.hash().as_str()))
}
