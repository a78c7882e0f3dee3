//! Somebody shows that an address is theirs, by a link that was mailed there.

use crate::app::accounts::secrets::mail_link::request_link;
use crate::app::{App, AppError, limits, profile};
use crate::domain::link_token::{LinkKind, LinkToken};
use crate::ids::UserId;
use crate::ports::TableError;
use crate::store::{Link, Links, Users};

/// The address that a link was mailed to is its account's, if it still is: good once.
pub async fn verify_email(app: &App, token: &str) -> Result<(), AppError> {
    let (token, link) = open_link(app, LinkKind::VerifyEmail, token).await?;
    let writes = vec![Links::use_up(&token), Users::verification(token.user, &link.email)];
    match app.ports.table.transact(writes).await {
        Err(TableError::ConditionFailed(_)) => Err(dead_link()),
        done => Ok(done?),
    }
}

/// Has the mail sent again; tells whether there is any need.
pub async fn request_verification(app: &App, user: UserId) -> Result<bool, AppError> {
    let person = profile(app, user).await?;
    if person.email.is_none() {
        return Err(AppError::Forbidden("Your account has no e-mail address."));
    }
    if person.is_email_verified {
        return Ok(false);
    }
    limits::limit_verifications(app, user).await?;
    request_link(app, LinkKind::VerifyEmail, user).await?;
    Ok(true)
}

/// The link behind a token that somebody sent.
pub(in crate::app) async fn open_link(
    app: &App,
    kind: LinkKind,
    text: &str,
) -> Result<(LinkToken, Link), AppError> {
    let token = LinkToken::parse(kind, text).ok_or_else(dead_link)?;
    let link = Links(&*app.ports.table).get(&token).await?.ok_or_else(dead_link)?;
    Ok((token, link))
}

/// There is no telling a link that was used from one that never was.
pub(in crate::app) fn dead_link() -> AppError {
    AppError::InvalidInput {
        field: "token",
        why: "This link is no longer good: it was used, it is too old, or something has changed since. Ask for a new one.",
    }
}
