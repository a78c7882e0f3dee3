//! Links by mail: a job for each, so that whoever asks waits equally long whether or not anybody gets one, and no queue
//! holds an address or a token.

use std::time::Duration;

use crate::app::{App, AppError, limits};
use crate::domain::email_address::EmailAddress;
use crate::domain::link_token::{LinkKind, LinkToken};
use crate::ids::UserId;
use crate::ports::{Job, Mail, MailerError};
use crate::store::{Accounts, Link, Links, User};

/// Has a link mailed to an account's address.
pub(in crate::app) async fn request_link(app: &App, link: LinkKind, user: UserId) -> Result<(), AppError> {
    Ok(app.ports.jobs.enqueue(vec![(Job::Mail { link, user }, Duration::ZERO)]).await?)
}

/// The same for an address that has just become an account's. What was done stands even if this fails: its owner can ask
/// for the mail again.
pub(in crate::app) async fn request_verification_of_new(app: &App, user: &User) {
    if user.unconfirmed_email().is_none() {
        return;
    }
    if let Err(error) = request_link(app, LinkKind::VerifyEmail, user.id).await {
        tracing::error!(error = &error as &dyn std::error::Error, "no mail about a new address");
    }
}

/// The job: makes a link and mails it to the address that the account has, or wants, by now.
pub(in crate::app) async fn mail_link(app: &App, kind: LinkKind, user: UserId) -> Result<(), AppError> {
    let Some((user, secrets)) = Accounts(&*app.ports.table).get(user).await? else {
        return Ok(());
    };
    let Some(email) = wanted(kind, &user) else {
        return Ok(());
    };
    match limits::limit_mails(app, email).await {
        Err(AppError::TooMany { .. }) => {
            tracing::warn!(user = %user.id, "too many mails to one address; one is left out");
            return Ok(());
        }
        counted => counted?,
    }
    let token = LinkToken::new(kind, user.id, app.ports.random.bytes());
    let expires_at = app.ports.clock.now().as_secs() + kind.life();
    let link = Link { email: email.clone(), revision: secrets.revision, expires_at };
    if !Links(&*app.ports.table).add(&token, &link).await? {
        // The address has changed at this moment; the next attempt knows the new one.
        return Err(AppError::Busy);
    }
    send(app, &letter(&app.settings.public_url, email, &token)).await
}

/// The address to write to, if there is any need.
fn wanted(kind: LinkKind, user: &User) -> Option<&EmailAddress> {
    let address = match kind {
        LinkKind::VerifyEmail => user.unconfirmed_email(),
        LinkKind::ResetPassword => user.email.as_ref(),
    };
    address.filter(|_| !user.is_disabled)
}

/// Sends a mail. One that will never be taken is given up.
pub(super) async fn send(app: &App, mail: &Mail) -> Result<(), AppError> {
    match app.ports.mailer.send(mail).await {
        Err(MailerError::Refused(cause)) => {
            tracing::error!(error = &*cause, "a mail is refused, and given up");
            Ok(())
        }
        Err(error @ MailerError::Unavailable(_)) => Err(AppError::Unavailable(Box::new(error))),
        Ok(()) => Ok(()),
    }
}

/// Nothing in it is anybody's choice but ours: a stranger's address is no place to write to in our name.
fn letter(public_url: &str, to: &EmailAddress, token: &LinkToken) -> Mail {
    let (subject, path, reason, within) = match token.kind {
        LinkKind::VerifyEmail => (
            "Confirm your e-mail address",
            "verify-email",
            "An account was given this e-mail address. If it is yours, confirm that here",
            "24 hours",
        ),
        LinkKind::ResetPassword => (
            "Choose a new password",
            "reset-password",
            "Somebody has forgotten the password of your account. If it was you, choose a new one here",
            "one hour",
        ),
    };
    let text = format!(
        "Hello,\n\n{reason}, within {within}:\n\n{public_url}/{path}/?token={}\n\n\
         The link is good once, and for whoever has it: show it to nobody. If this is not about you, \
         there is nothing to do.\n",
        token.reveal()
    );
    Mail { to: to.clone(), subject: subject.to_owned(), text }
}
