//! Somebody shows that an address is theirs: by a link that was mailed there, and by being the account's owner. Whoever reads
//! the mail alone may never have heard of the account.

use crate::app::accounts::secrets::mail_link::request_link;
use crate::app::accounts::secrets::notify_owner::address_changed;
use crate::app::accounts::signing_in::sign_in_account::{Proof, prove_owner};
use crate::app::{App, AppError, limits, profile};
use crate::domain::link_token::{LinkKind, LinkToken};
use crate::ids::UserId;
use crate::ports::Identity;
use crate::store::{AccountChange, Accounts, Link, Links, Secrets, User};

/// How often somebody who was overtaken looks again.
const ATTEMPTS: usize = 3;

/// What somebody shows who confirms an address.
#[derive(Debug, Default)]
pub struct Confirmation {
    /// The session that they are signed in by.
    pub session: Option<Identity>,
    /// What they know of the account, if it isn't theirs by that session.
    pub proof: Option<Proof>,
}

/// The account behind a link, as whoever reads the mail sees it.
#[derive(Debug)]
pub struct LinkedAccount {
    /// Whose it is.
    pub user: User,
    /// What is asked for besides the link.
    pub demand: ConfirmationDemand,
}

/// What confirms an address, besides the link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConfirmationDemand {
    /// Nothing: they are signed in to the account.
    Nothing,
    /// Its phrase.
    Phrase,
    /// Its password.
    Password,
    /// A session: the account has neither password nor phrase.
    Session,
}

/// Whose account a link is about. Using nothing up, it can be asked as often as one likes.
pub async fn linked_account(
    app: &App,
    token: &str,
    session: Option<&Identity>,
) -> Result<LinkedAccount, AppError> {
    let Opened { user, secrets, .. } = Opened::read(app, token).await?;
    let demand = match session {
        Some(identity) if identity.user == user.id => ConfirmationDemand::Nothing,
        _ if secrets.phrase.is_some() => ConfirmationDemand::Phrase,
        _ if secrets.password.is_some() => ConfirmationDemand::Password,
        _ => ConfirmationDemand::Session,
    };
    Ok(LinkedAccount { user, demand })
}

/// The address that a link was mailed to is its account's from now on, if the account still wants it: good once, and for its
/// owner alone.
pub async fn verify_email(app: &App, token: &str, by: &Confirmation) -> Result<(), AppError> {
    let mut opened = Opened::read(app, token).await?;
    require_owner(app, &opened, by).await?;
    let accounts = Accounts(&*app.ports.table);
    for _ in 0..ATTEMPTS {
        let Opened { token: used, user, confirmed, .. } = &opened;
        match accounts.change_with(user, confirmed, vec![Links::use_up(used)]).await? {
            AccountChange::Done(after) => {
                address_changed(app, user, &after).await;
                return Ok(());
            }
            AccountChange::Taken(name) => return Err(name.into()),
            AccountChange::Overtaken => opened = Opened::read(app, token).await?,
        }
    }
    Err(AppError::Busy)
}

async fn require_owner(app: &App, opened: &Opened, by: &Confirmation) -> Result<(), AppError> {
    let Opened { user, secrets, .. } = opened;
    if by.session.as_ref().is_some_and(|identity| identity.user == user.id) {
        return Ok(());
    }
    let proof = by.proof.as_ref().ok_or(AppError::OwnerNeeded)?;
    prove_owner(app, user.id, secrets, proof).await
}

/// A link that is good, and its account.
struct Opened {
    token: LinkToken,
    user: User,
    /// The same person, once the link is used.
    confirmed: User,
    secrets: Secrets,
}

impl Opened {
    async fn read(app: &App, text: &str) -> Result<Self, AppError> {
        let (token, link) = open_link(app, LinkKind::VerifyEmail, text).await?;
        let account = Accounts(&*app.ports.table).get(token.user).await?;
        let (user, secrets) = account.ok_or_else(dead_link)?;
        let confirmed = user.confirmed(&link.email).ok_or_else(dead_link)?;
        Ok(Self { token, user, confirmed, secrets })
    }
}

/// Has the mail sent again; tells whether there is any need.
pub async fn request_verification(app: &App, user: UserId) -> Result<bool, AppError> {
    let person = profile(app, user).await?;
    if person.unconfirmed_email().is_none() {
        return match person.email {
            Some(_) => Ok(false),
            None => Err(AppError::Forbidden("Your account has no e-mail address.")),
        };
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
