//! Somebody has forgotten what they sign in by.

use crate::app::accounts::end_session::end_all_sessions;
use crate::app::accounts::secrets::mail_link::request_link;
use crate::app::accounts::secrets::notify_owner::secrets_changed;
use crate::app::accounts::secrets::verify_email::{dead_link, open_link};
use crate::app::{App, AppError, limits, new_secrets};
use crate::domain::email_address::EmailAddress;
use crate::domain::link_token::{LinkKind, LinkToken};
use crate::domain::secret::Secret;
use crate::ids::UserId;
use crate::store::{AccountChange, Accounts, LinkedIdentities, Links, Secrets, User};

/// How often somebody who was overtaken looks again.
const ATTEMPTS: usize = 3;
/// Nobody has this number.
const NOBODY: UserId = UserId(0);

/// Has a link mailed to an address, if it is an account's. Whether it is can't be told from outside: the same is read and
/// enqueued in either case.
pub async fn forgot_password(app: &App, email: &EmailAddress) -> Result<(), AppError> {
    limits::limit_forgotten(app, email).await?;
    let owner = Accounts(&*app.ports.table).with_email(email).await?;
    request_link(app, LinkKind::ResetPassword, owner.unwrap_or(NOBODY)).await
}

/// Replaces an account's secrets by these, and no others: a phrase that isn't sent is gone, since it may be what was
/// forgotten. Whoever reads the address's mail owns the account from now on, and nobody else: its address is confirmed, and
/// all sessions, all names at providers and the address that it wanted instead are gone, as are all other links of this kind.
pub async fn reset_password(
    app: &App,
    token: &str,
    password: Option<&Secret>,
    phrase: Option<&Secret>,
) -> Result<(), AppError> {
    let Recovery { user, .. } = Recovery::read(app, token).await?;
    new_secrets::check(app, &user.known(), password, phrase).await?;
    let secrets = new_secrets::hash(app, password, phrase).await?;
    // While this fails nothing has changed; after the change it ends what began in between.
    end_all_sessions(app, user.id).await?;
    replace(app, token, &secrets).await?;
    secrets_changed(app, user.id).await;
    end_all_sessions(app, user.id).await
}

async fn replace(app: &App, token: &str, secrets: &Secrets) -> Result<(), AppError> {
    let accounts = Accounts(&*app.ports.table);
    for _ in 0..ATTEMPTS {
        let Recovery { token: used, user, secrets: before } = Recovery::read(app, token).await?;
        let new = Secrets { revision: before.revision + 1, ..secrets.clone() };
        let after = recovered(&user);
        let with = vec![Links::use_up(&used), Accounts::secrets_change(user.id, &before, &new)?];
        match accounts.change_with(&user, &after, with).await? {
            AccountChange::Done(_) => return Ok(()),
            AccountChange::Taken(_) | AccountChange::Overtaken => {}
        }
    }
    Err(AppError::Busy)
}

/// Nothing of what anybody else may have added to the account is left.
fn recovered(user: &User) -> User {
    let identities = LinkedIdentities::default();
    User { is_email_verified: true, pending_email: None, identities, ..user.clone() }
}

/// A link that is good, and its account, which is as it was when the link was mailed.
struct Recovery {
    token: LinkToken,
    user: User,
    secrets: Secrets,
}

impl Recovery {
    async fn read(app: &App, text: &str) -> Result<Self, AppError> {
        let (token, link) = open_link(app, LinkKind::ResetPassword, text).await?;
        let account = Accounts(&*app.ports.table).get(token.user).await?;
        let account = account.filter(|(user, secrets)| {
            user.email.as_ref() == Some(&link.email) && secrets.revision == link.revision && !user.is_disabled
        });
        let (user, secrets) = account.ok_or_else(dead_link)?;
        Ok(Self { token, user, secrets })
    }
}
