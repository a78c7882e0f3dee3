//! Somebody whom a provider vouches for is asked, once, for the secret of the account that has their address.
//!
//! A provider has seen an address at some time. Where it doesn't give the address out itself, it may have become somebody
//! else's since.

use crate::app::accounts::secrets::notify_owner::identity_linked;
use crate::app::accounts::signing_in::sign_in::{SignIn, sign_in};
use crate::app::accounts::signing_in::sign_in_account::{Proof, prove_owner};
use crate::app::accounts::tokens::link_permit::{self, LinkPermit};
use crate::app::{App, AppError};
use crate::domain::provider::Provider;
use crate::ports::ProvenIdentity;
use crate::store::{AccountChange, Accounts, Secrets, User, Users};

/// What somebody is told whose account waits to be linked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkOffer {
    /// What is sent along with the secret, within ten minutes.
    pub token: String,
    /// Who vouches for them.
    pub provider: Provider,
    /// Which secret is asked for.
    pub demand: LinkDemand,
}

/// Which secret of an account is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkDemand {
    /// Its phrase.
    Phrase,
    /// Its password.
    Password,
    /// It has neither yet: one is chosen by a mailed link first.
    Reset,
}

impl LinkDemand {
    fn of(secrets: &Secrets) -> Self {
        match (&secrets.phrase, &secrets.password) {
            (Some(_), _) => Self::Phrase,
            (None, Some(_)) => Self::Password,
            (None, None) => Self::Reset,
        }
    }
}

/// Somebody who has linked their account.
#[derive(Debug)]
pub struct LinkedSignIn {
    /// Their new session.
    pub sign_in: SignIn,
    /// Where a browser goes now.
    pub next: Option<String>,
}

/// What is answered to somebody whose provider's word is not enough for this account.
pub(super) async fn link_needed(
    app: &App,
    proven: &ProvenIdentity,
    holder: &User,
    next: Option<&str>,
) -> Result<AppError, AppError> {
    let Some((_, secrets)) = Accounts(&*app.ports.table).get(holder.id).await? else {
        return Err(AppError::Busy);
    };
    let permit = LinkPermit {
        user: holder.id,
        provider: proven.provider,
        subject: proven.subject.clone(),
        next: next.map(str::to_owned),
    };
    let token = link_permit::issue(app, permit).await?;
    let offer = LinkOffer { token, provider: proven.provider, demand: LinkDemand::of(&secrets) };
    Ok(AppError::LinkNeeded(Box::new(offer)))
}

/// Links an account with a name at a provider, and signs in to it: for whoever has been there and knows the account's secret.
pub async fn link_identity(app: &App, token: &str, proof: &Proof) -> Result<LinkedSignIn, AppError> {
    let permit = link_permit::read(app, token).await?.ok_or(STALE)?;
    let account = Accounts(&*app.ports.table).get(permit.user).await?;
    let (user, secrets) = account.ok_or(STALE)?;
    prove_owner(app, user.id, &secrets, proof).await?;
    if user.is_disabled {
        return Err(AppError::AccountDisabled);
    }
    let user = link(app, user, &permit).await?;
    let still = vec![Accounts::unchanged(user.id, &secrets), Users::is_enabled(user.id)];
    Ok(LinkedSignIn { sign_in: sign_in(app, user, still).await?, next: permit.next })
}

const STALE: AppError =
    AppError::InvalidInput { field: "link_token", why: "This took too long; begin to sign in again." };

async fn link(app: &App, user: User, permit: &LinkPermit) -> Result<User, AppError> {
    match user.identities.at(permit.provider) {
        Some(known) if *known == permit.subject => return Ok(user),
        Some(_) => return Err(AppError::Conflict("This account is linked with somebody else there.")),
        None => {}
    }
    let identities = user.identities.clone().with(permit.provider, permit.subject.clone());
    let linked = User { identities, ..user.clone() };
    match Accounts(&*app.ports.table).change(&user, &linked).await? {
        AccountChange::Done(linked) => {
            identity_linked(app, linked.id).await;
            Ok(*linked)
        }
        AccountChange::Taken(name) => Err(name.into()),
        AccountChange::Overtaken => Err(AppError::Busy),
    }
}
