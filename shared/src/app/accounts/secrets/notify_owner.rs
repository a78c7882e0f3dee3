//! Tells an account's owner by mail what was done to it. What was done stands even if nobody can be told.

use std::time::Duration;

use super::mail_link::send;
use crate::app::{App, AppError, limits};
use crate::domain::email_address::EmailAddress;
use crate::domain::notice::Notice;
use crate::ids::UserId;
use crate::ports::{Job, Mail};
use crate::store::{FormerAddresses, User, Users};

/// Somebody has changed what an account is signed in to by.
pub(in crate::app) async fn secrets_changed(app: &App, user: UserId) {
    tell(app, user, Notice::SecretsChanged).await;
}

/// An account can be signed in to by another provider.
pub(in crate::app) async fn identity_linked(app: &App, user: UserId) {
    tell(app, user, Notice::IdentityLinked).await;
}

/// An account has another address than before, or none. Only an address that was confirmed is anybody's.
pub(in crate::app) async fn address_changed(app: &App, before: &User, after: &User) {
    let former = before.email.as_ref().filter(|_| before.is_email_verified);
    let Some(former) = former.filter(|former| after.email.as_ref() != Some(*former)) else { return };
    let now = app.ports.clock.now();
    match FormerAddresses(&*app.ports.table).remember(before.id, former, now).await {
        Ok(()) => tell(app, before.id, Notice::AddressChanged).await,
        Err(error) => {
            tracing::error!(user = %before.id, %error, "a former address is not told that it was replaced");
        }
    }
}

async fn tell(app: &App, user: UserId, notice: Notice) {
    let job = Job::Notify { notice, user };
    if let Err(error) = app.ports.jobs.enqueue(vec![(job, Duration::ZERO)]).await {
        tracing::error!(%user, ?notice, %error, "an account's owner is not told what was done to it");
    }
}

/// The job: mails a notice to whoever has to know.
pub(in crate::app) async fn notify_owner(app: &App, notice: Notice, user: UserId) -> Result<(), AppError> {
    let Some(to) = address(app, notice, user).await? else { return Ok(()) };
    match limits::limit_mails(app, &to).await {
        Err(AppError::TooMany { .. }) => {
            tracing::warn!(%user, "too many mails to one address; one is left out");
            Ok(())
        }
        counted => {
            counted?;
            send(app, &letter(&app.settings.public_url, to, notice)).await
        }
    }
}

async fn address(app: &App, notice: Notice, user: UserId) -> Result<Option<EmailAddress>, AppError> {
    let table = &*app.ports.table;
    Ok(match notice {
        Notice::AddressChanged => FormerAddresses(table).get(user).await?,
        Notice::SecretsChanged | Notice::IdentityLinked => {
            let user = Users(table).get(user).await?.filter(|user| user.is_email_verified);
            user.and_then(|user| user.email)
        }
    })
}

/// Nothing in it is anybody's choice but ours, and it has no link that does anything.
fn letter(public_url: &str, to: EmailAddress, notice: Notice) -> Mail {
    let (subject, what) = match notice {
        Notice::SecretsChanged => ("Your password was changed", "The password or phrase of your account"),
        Notice::IdentityLinked => {
            ("A new way to sign in", "The list of those by whom one signs in to your account")
        }
        Notice::AddressChanged => ("Your e-mail address was replaced", "The e-mail address of your account"),
    };
    let text = format!(
        "Hello,\n\n{what} at {public_url}/ was changed. If it was you, there is nothing to do.\n\n\
         If it was not, somebody else may be using your account: ask for a new password there, as if you had \
         forgotten it, or turn to whoever runs it.\n"
    );
    Mail { to, subject: subject.to_owned(), text }
}
