//! Somebody signs in on the word of Google or Facebook.

use crate::app::accounts::signing_in::sign_in::{SignIn, sign_in};
use crate::app::{App, AppError};
use crate::domain::display_name::{MAX_DISPLAY_NAME, display_name, is_invisible};
use crate::domain::email_address::EmailAddress;
use crate::domain::provider::Provider;
use crate::ids::UserId;
use crate::ports::{IdentityError, ProvenIdentity, TableError};
use crate::store::{Accounts, LinkedIdentities, Secrets, User, Users};

/// How often it is looked again at what somebody else was changing.
const ATTEMPTS: usize = 6;

/// Signs in whoever an ID token, which a client got by itself, is about.
pub async fn sign_in_by_id_token(app: &App, provider: Provider, token: &str) -> Result<SignIn, AppError> {
    let proven = app.ports.identities.verify_id_token(provider, token).await;
    sign_in_vouched(app, &proven.map_err(|error| refusal(provider, error))?).await
}

/// Signs in whoever a provider says that an access token belongs to.
pub async fn sign_in_by_access_token(app: &App, provider: Provider, token: &str) -> Result<SignIn, AppError> {
    let proven = app.ports.identities.look_up_access_token(provider, token).await;
    sign_in_vouched(app, &proven.map_err(|error| refusal(provider, error))?).await
}

/// A provider's refusal, in the application's words.
pub(in crate::app) fn refusal(provider: Provider, error: IdentityError) -> AppError {
    match error {
        IdentityError::NotOffered => AppError::NotOffered(provider),
        IdentityError::Refused(cause) => {
            tracing::debug!(%provider, error = &*cause, "a provider vouches for nobody");
            AppError::NotVouched(provider)
        }
        IdentityError::Unavailable(_) => AppError::Unavailable(Box::new(error)),
    }
}

/// Signs in the account of somebody who is known by a provider's word; the first time, it is made or found.
pub(in crate::app) async fn sign_in_vouched(app: &App, proven: &ProvenIdentity) -> Result<SignIn, AppError> {
    for _ in 0..ATTEMPTS {
        let Some((user, secrets)) = account_or_new(app, proven).await? else {
            continue;
        };
        if user.is_disabled {
            return Err(AppError::AccountDisabled);
        }
        let still = vec![Accounts::unchanged(user.id, &secrets), Users::is_enabled(user.id)];
        match sign_in(app, user, still).await {
            // It was changed, disabled, or deleted, at this very moment.
            Err(AppError::WrongCredentials) => {}
            done => return done,
        }
    }
    Err(AppError::Busy)
}

/// The account of whoever this is, which is made if there is none yet; none if somebody else was at it.
async fn account_or_new(app: &App, proven: &ProvenIdentity) -> Result<Option<(User, Secrets)>, AppError> {
    if let Some(account) = account(app, proven).await? {
        return Ok(Some(account));
    }
    make_account(app, proven).await?;
    account(app, proven).await
}

/// The account of whoever this is; none if there is none yet.
async fn account(app: &App, proven: &ProvenIdentity) -> Result<Option<(User, Secrets)>, AppError> {
    let accounts = Accounts(&*app.ports.table);
    match accounts.with_identity(proven.provider, &proven.subject).await? {
        Some(id) => Ok(accounts.get(id).await?),
        None => Ok(None),
    }
}

/// Makes an account, or gives one that is there its new name at the provider. Where somebody else was quicker nothing has
/// changed: what is there then has to be looked at again.
async fn make_account(app: &App, proven: &ProvenIdentity) -> Result<(), AppError> {
    let accounts = Accounts(&*app.ports.table);
    let made = match holder(app, proven.email.as_ref()).await? {
        Some(user) if may_link(&user, proven.provider) => {
            // Whoever may not sign in gets no new way to.
            if user.is_disabled {
                return Err(AppError::AccountDisabled);
            }
            let identities = user.identities.clone().with(proven.provider, proven.subject.clone());
            accounts.change(&user, &User { identities, ..user.clone() }).await.map(drop)
        }
        former => {
            let id = Users(&*app.ports.table).next_id().await?;
            accounts.add_vouched(&new_user(app, id, proven), former.as_ref()).await.map(drop)
        }
    };
    match made {
        Ok(()) | Err(TableError::Conflict) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Who has this address now.
async fn holder(app: &App, email: Option<&EmailAddress>) -> Result<Option<User>, AppError> {
    let Some(email) = email else { return Ok(None) };
    match Accounts(&*app.ports.table).with_email(email).await? {
        Some(id) => Ok(Users(&*app.ports.table).get(id).await?),
        None => Ok(None),
    }
}

/// Only who has shown that the address is theirs is the same person. An address that has another owner at the provider than
/// it had is another person's now.
fn may_link(holder: &User, provider: Provider) -> bool {
    holder.is_email_verified && holder.identities.at(provider).is_none()
}

fn new_user(app: &App, id: UserId, proven: &ProvenIdentity) -> User {
    User {
        email: proven.email.clone(),
        is_email_verified: proven.email.is_some(),
        identities: LinkedIdentities::default().with(proven.provider, proven.subject.clone()),
        ..User::new(id, shown_name(proven.name.as_deref(), id), app.ports.clock.now())
    }
}

/// A provider's name for somebody, as far as we show such names.
fn shown_name(name: Option<&str>, id: UserId) -> String {
    let visible: String =
        name.unwrap_or_default().chars().map(|c| if is_invisible(c) { ' ' } else { c }).collect();
    let folded = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = folded.chars().take(MAX_DISPLAY_NAME).collect();
    display_name(&short).unwrap_or_else(|_| format!("Member {id}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_providers_name_is_shown_as_far_as_it_can_be() {
        let long = "x".repeat(60);
        for (name, shown) in [
            (Some("Ann  Lee"), "Ann Lee"),
            (Some("a\u{202E}b"), "a b"),
            (Some(&*long), &long[..MAX_DISPLAY_NAME]),
            (Some("\0"), "Member 7"),
            (None, "Member 7"),
        ] {
            assert_eq!(shown_name(name, UserId(7)), shown);
        }
    }
}
