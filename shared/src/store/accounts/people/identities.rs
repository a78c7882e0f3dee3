//! Accounts of people for whom a provider vouches: `IDENTITY#<provider>#<subject>` says whose it is.

use super::secrets::{Secrets, secrets_key};
use super::{Accounts, Owner, email_item, is_owner, release};
use crate::domain::provider::Provider;
use crate::ids::{Subject, UserId};
use crate::ports::{Condition, Key, TableError, Write};
use crate::store::accounts::user::User;
use crate::store::accounts::users::Users;
use crate::store::record::{key, refused, to_item};

impl Accounts<'_> {
    /// Whose name at a provider it is.
    pub async fn with_identity(
        &self,
        provider: Provider,
        subject: &Subject,
    ) -> Result<Option<UserId>, TableError> {
        self.owner(&identity_key(provider, subject)).await
    }

    /// Adds an account without secrets, its names at providers and its address. The address goes from the person who has
    /// it, if one is named, to this one. Tells whether everything still was as it was read: if not, nothing has changed.
    pub async fn add_vouched(&self, user: &User, former: Option<&User>) -> Result<bool, TableError> {
        let secrets = Secrets { password: None, phrase: None, revision: 0 };
        let mut writes = vec![
            Users::addition(user)?,
            Write::Put(to_item(secrets_key(user.id), &secrets)?, Condition::Absent),
        ];
        writes.extend(claims(user)?);
        if let Some(email) = &user.email {
            let holder = former.map_or(Condition::Absent, |former| is_owner(former.id));
            writes.push(Write::Put(email_item(user, email)?, holder));
        }
        if let Some(former) = former {
            let after = User { email: None, is_email_verified: false, ..former.clone() };
            writes.push(Users::replacement(former, &after)?.0);
        }
        Ok(refused(self.0.transact(writes).await)?.is_none())
    }
}

/// The writes that take the names at providers that a person has after a change, and give those back that they had before.
pub(super) fn exchange(before: &User, after: &User) -> Result<Vec<Write>, TableError> {
    let is_other = |provider: &Provider| before.identities.at(*provider) != after.identities.at(*provider);
    let mut writes = Vec::new();
    for provider in Provider::ALL.into_iter().filter(is_other) {
        writes.extend(surrender(before, provider));
        writes.extend(claim(after, provider)?);
    }
    Ok(writes)
}

/// The writes that take a person's names at providers.
fn claims(user: &User) -> Result<Vec<Write>, TableError> {
    Provider::ALL.into_iter().filter_map(|provider| claim(user, provider).transpose()).collect()
}

fn claim(user: &User, provider: Provider) -> Result<Option<Write>, TableError> {
    let Some(subject) = user.identities.at(provider) else { return Ok(None) };
    let item = to_item(identity_key(provider, subject), &Owner { id: user.id })?;
    Ok(Some(Write::Put(item, Condition::Absent)))
}

/// The writes that give a person's names at providers back.
pub(super) fn releases(user: &User) -> impl Iterator<Item = Write> + '_ {
    Provider::ALL.into_iter().filter_map(|provider| surrender(user, provider))
}

fn surrender(user: &User, provider: Provider) -> Option<Write> {
    let subject = user.identities.at(provider)?;
    Some(release(identity_key(provider, subject), user.id))
}

fn identity_key(provider: Provider, subject: &Subject) -> Key {
    key(format!("IDENTITY#{}#{subject}", provider.name()), "OWNER")
}
