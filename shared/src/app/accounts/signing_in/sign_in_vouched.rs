//! Somebody signs in on the word of Google or Facebook.

use crate::app::accounts::secrets::mail_link::request_verification_of_new;
use crate::app::accounts::signing_in::link_identity::link_needed;
use crate::app::accounts::signing_in::sign_in::{SignIn, sign_in};
use crate::app::{App, AppError};
use crate::domain::display_name::{MAX_DISPLAY_NAME, display_name};
use crate::domain::email_address::EmailAddress;
use crate::domain::provider::Provider;
use crate::domain::visible_text::is_invisible;
use crate::ids::UserId;
use crate::ports::{IdentityError, ProvenIdentity, TableError};
use crate::protocol::Role;
use crate::store::{Accounts, LinkedIdentities, Secrets, User, Users};

/// How often it is looked again at what somebody else was changing.
const ATTEMPTS: usize = 6;

/// Signs in whoever an ID token, which a client got by itself, is about.
pub async fn sign_in_by_id_token(app: &App, provider: Provider, token: &str) -> Result<SignIn, AppError> {
    let proven = app.ports.identities.verify_id_token(provider, token).await;
    sign_in_vouched(app, &proven.map_err(|error| refusal(provider, error))?, None).await
}

/// Signs in whoever a provider says that an access token belongs to.
pub async fn sign_in_by_access_token(app: &App, provider: Provider, token: &str) -> Result<SignIn, AppError> {
    let proven = app.ports.identities.look_up_access_token(provider, token).await;
    sign_in_vouched(app, &proven.map_err(|error| refusal(provider, error))?, None).await
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

/// Signs in the account of somebody who is known by a provider's word; the first time, it is made or found. Where a provider's
/// word is not enough to link an account, its owner's secret is asked for; a browser goes to `next` after that.
pub(in crate::app) async fn sign_in_vouched(
    app: &App,
    proven: &ProvenIdentity,
    next: Option<&str>,
) -> Result<SignIn, AppError> {
    for _ in 0..ATTEMPTS {
        let (user, secrets) = match account_or_new(app, proven).await? {
            Found::Account(user, secrets) => (user, secrets),
            Found::Link(holder) => return Err(link_needed(app, proven, &holder, next).await?),
            Found::Nothing => continue,
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

/// What is behind a provider's word.
enum Found {
    /// An account, which knows the provider's name for its owner.
    Account(User, Secrets),
    /// An account that is linked once its owner has said its secret.
    Link(User),
    /// Nothing yet: somebody else was at it.
    Nothing,
}

/// The account of whoever this is, which is made if there is none yet.
async fn account_or_new(app: &App, proven: &ProvenIdentity) -> Result<Found, AppError> {
    if let Some((user, secrets)) = account(app, proven).await? {
        return Ok(Found::Account(user, secrets));
    }
    match decide(proven, holder(app, proven.email.as_ref()).await?) {
        Decision::Ask(holder) => return Ok(Found::Link(holder)),
        Decision::Link(holder) => link(app, proven, holder).await?,
        Decision::Make(address) => make_account(app, proven, address).await?,
    }
    Ok(match account(app, proven).await? {
        Some((user, secrets)) => Found::Account(user, secrets),
        None => Found::Nothing,
    })
}

/// The account of whoever this is; none if there is none yet.
async fn account(app: &App, proven: &ProvenIdentity) -> Result<Option<(User, Secrets)>, AppError> {
    let accounts = Accounts(&*app.ports.table);
    match accounts.with_identity(proven.provider, &proven.subject).await? {
        Some(id) => Ok(accounts.get(id).await?),
        None => Ok(None),
    }
}

/// What becomes of somebody whom a provider names for the first time.
#[derive(Debug, PartialEq, Eq)]
enum Decision {
    /// The account with the address is theirs.
    Link(User),
    /// It is, if they know its secret.
    Ask(User),
    /// They get an account of their own.
    Make(Address),
}

/// The address of a new account.
#[derive(Debug, PartialEq, Eq)]
enum Address {
    /// The provider gives it out: it is theirs, whoever has it here.
    Theirs { former: Option<User> },
    /// The provider has seen it at some time. Nobody has it here; a mail will show whose it is.
    Unconfirmed,
    /// There is none, or somebody else has it.
    Nobodys,
}

/// Only who has shown that the address is theirs can be the same person; an address that has another owner at the provider
/// than it had is another person's now. A provider's word alone is enough where it gives the address out, and never for an
/// admin.
fn decide(proven: &ProvenIdentity, holder: Option<User>) -> Decision {
    let is_authoritative = proven.is_authoritative;
    let same = |holder: &User| holder.is_email_verified && holder.identities.at(proven.provider).is_none();
    match holder {
        Some(holder) if same(&holder) => {
            let is_enough = is_authoritative && holder.role != Role::Admin;
            if is_enough { Decision::Link(holder) } else { Decision::Ask(holder) }
        }
        former if is_authoritative => Decision::Make(Address::Theirs { former }),
        None if proven.email.is_some() => Decision::Make(Address::Unconfirmed),
        _ => Decision::Make(Address::Nobodys),
    }
}

/// Gives an account its new name at the provider. Where somebody else was quicker nothing has changed: what is there then has
/// to be looked at again.
async fn link(app: &App, proven: &ProvenIdentity, user: User) -> Result<(), AppError> {
    // Whoever may not sign in gets no new way to.
    if user.is_disabled {
        return Err(AppError::AccountDisabled);
    }
    let identities = user.identities.clone().with(proven.provider, proven.subject.clone());
    let linked = User { identities, ..user.clone() };
    ignore_conflict(Accounts(&*app.ports.table).change(&user, &linked).await.map(drop))
}

/// Makes an account, unless somebody else was quicker.
async fn make_account(app: &App, proven: &ProvenIdentity, address: Address) -> Result<(), AppError> {
    let id = Users(&*app.ports.table).next_id().await?;
    let (user, former) = match address {
        Address::Theirs { former } => (User { is_email_verified: true, ..new_user(app, id, proven) }, former),
        Address::Unconfirmed => (new_user(app, id, proven), None),
        Address::Nobodys => (User { email: None, ..new_user(app, id, proven) }, None),
    };
    let made = Accounts(&*app.ports.table).add_vouched(&user, former.as_ref()).await;
    if matches!(made, Ok(true)) {
        request_verification_of_new(app, &user).await;
    }
    ignore_conflict(made.map(drop))
}

fn ignore_conflict(done: Result<(), TableError>) -> Result<(), AppError> {
    match done {
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

fn new_user(app: &App, id: UserId, proven: &ProvenIdentity) -> User {
    User {
        email: proven.email.clone(),
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
