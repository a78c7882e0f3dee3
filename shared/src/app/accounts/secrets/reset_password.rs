//! Somebody has forgotten what they sign in by.

use crate::app::accounts::end_session::end_all_sessions;
use crate::app::accounts::secrets::mail_link::request_link;
use crate::app::accounts::secrets::verify_email::{dead_link, open_link};
use crate::app::{App, AppError, limits, new_secrets};
use crate::domain::email_address::EmailAddress;
use crate::domain::link_token::{LinkKind, LinkToken};
use crate::domain::secret::Secret;
use crate::ids::UserId;
use crate::ports::TableError;
use crate::store::{Accounts, Link, Links, Secrets, User, Users};

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
/// forgotten. All sessions end, all other links of this kind are dead, and the address is shown to be its owner's.
pub async fn reset_password(
    app: &App,
    token: &str,
    password: Option<&Secret>,
    phrase: Option<&Secret>,
) -> Result<(), AppError> {
    let (token, link) = open_link(app, LinkKind::ResetPassword, token).await?;
    let (user, before) = account(app, &token, &link).await?;
    new_secrets::check(app, &user.known(), password, phrase).await?;
    let after = new_secrets::hash(app, password, phrase).await?;
    let after = Secrets { revision: before.revision + 1, ..after };
    // While this fails nothing has changed; after the change it ends what began in between.
    end_all_sessions(app, user.id).await?;
    replace(app, &token, &link, &before, &after).await?;
    end_all_sessions(app, user.id).await
}

/// The account as it was when the link was mailed.
async fn account(app: &App, token: &LinkToken, link: &Link) -> Result<(User, Secrets), AppError> {
    let account = Accounts(&*app.ports.table).get(token.user).await?;
    let account = account.filter(|(user, secrets)| {
        user.email.as_ref() == Some(&link.email) && secrets.revision == link.revision && !user.is_disabled
    });
    account.ok_or_else(dead_link)
}

async fn replace(
    app: &App,
    token: &LinkToken,
    link: &Link,
    before: &Secrets,
    after: &Secrets,
) -> Result<(), AppError> {
    let writes = vec![
        Links::use_up(token),
        Accounts::secrets_change(token.user, before, after)?,
        Users::verification(token.user, &link.email),
    ];
    match app.ports.table.transact(writes).await {
        Err(TableError::ConditionFailed(_)) => Err(dead_link()),
        done => Ok(done?),
    }
}
