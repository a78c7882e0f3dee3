//! Somebody signs in to an account, by a name and by secrets.

use crate::app::accounts::signing_in::sign_in::{SignIn, sign_in};
use crate::app::{App, AppError, limits};
use crate::domain::client_address::ClientAddress;
use crate::domain::email_address::EmailAddress;
use crate::domain::secret::Secret;
use crate::domain::username::Username;
use crate::ids::UserId;
use crate::store::{Accounts, Secrets, User, Users};

/// By what an account is found.
#[derive(Debug)]
pub enum AccountName {
    /// A username.
    Username(Username),
    /// An e-mail address.
    Email(EmailAddress),
    /// What somebody typed that can be nobody's name.
    Nobodys(String),
}

impl AccountName {
    /// A username, as somebody typed it.
    pub fn username(text: &str) -> Self {
        Username::parse(text).map_or_else(|_| Self::Nobodys(text.to_owned()), Self::Username)
    }

    /// An e-mail address, as somebody typed it.
    pub fn email(text: &str) -> Self {
        EmailAddress::parse(text).map_or_else(|_| Self::Nobodys(text.to_owned()), Self::Email)
    }

    /// By what attempts are counted.
    fn limit_key(&self) -> String {
        match self {
            Self::Username(username) => format!("username:{}", username.folded()),
            Self::Email(email) => format!("email:{}", email.folded()),
            Self::Nobodys(text) => format!("nobody:{text}"),
        }
    }
}

/// What somebody knows that only an account's owner should.
#[derive(Debug, Default)]
pub struct Proof {
    /// The password.
    pub password: Option<Secret>,
    /// The phrase.
    pub phrase: Option<Secret>,
    /// Where they are, as far as that is known.
    pub client: Option<ClientAddress>,
}

/// Signs in. Whatever is wrong, the answer is the same, after the same work: as many hashes as there were secrets, whether
/// or not there is an account.
pub async fn sign_in_account(app: &App, name: &AccountName, proof: &Proof) -> Result<SignIn, AppError> {
    limits::limit_account(app, &name.limit_key(), proof.client).await?;
    let account = find(app, name).await?;
    let secrets = account.as_ref().map(|(_, secrets)| secrets);
    judge(app, secrets, proof).await?.demand()?;
    let (user, secrets) = account.ok_or(AppError::WrongCredentials)?;
    if user.is_disabled {
        return Err(AppError::AccountDisabled);
    }
    let still = vec![Accounts::unchanged(user.id, &secrets), Users::is_enabled(user.id)];
    sign_in(app, user, still).await
}

/// Reads as much for a name that nobody has as for any other.
async fn find(app: &App, name: &AccountName) -> Result<Option<(User, Secrets)>, AppError> {
    let accounts = Accounts(&*app.ports.table);
    let id = match name {
        AccountName::Username(username) => accounts.named(username).await?,
        AccountName::Email(email) => accounts.with_email(email).await?,
        AccountName::Nobodys(_) => None,
    };
    Ok(accounts.get(id.unwrap_or(UserId(0))).await?)
}

/// The account of somebody who is signed in, if they prove that they are its owner and no one who found a session open.
pub(in crate::app) async fn prove(
    app: &App,
    user: UserId,
    proof: &Proof,
) -> Result<(User, Secrets), AppError> {
    limits::limit_account(app, &format!("user:{user}"), proof.client).await?;
    let Some((user, secrets)) = Accounts(&*app.ports.table).get(user).await? else {
        return Err(AppError::Forbidden("Guests have nothing to sign in by: register."));
    };
    if secrets.password.is_none() && secrets.phrase.is_none() {
        // A session that somebody finds open must not become theirs for good.
        return Err(AppError::Forbidden(
            "This account has no password yet: ask for one as if you had forgotten it.",
        ));
    }
    match judge(app, Some(&secrets), proof).await? {
        Verdict::Proven => Ok((user, secrets)),
        Verdict::PhraseMissing | Verdict::Wrong => {
            Err(AppError::Forbidden("Send your present phrase or password, as for signing in, along."))
        }
    }
}

/// The same where something is known that could be proven: guests and who signs in by others alone have nothing.
pub async fn prove_if_possible(app: &App, user: UserId, proof: &Proof) -> Result<(), AppError> {
    let account = Accounts(&*app.ports.table).get(user).await?;
    match account {
        Some((_, secrets)) if secrets.password.is_some() || secrets.phrase.is_some() => {
            prove(app, user, proof).await.map(drop)
        }
        _ => Ok(()),
    }
}

/// Insists that somebody who isn't signed in to an account knows what its owner does.
pub(in crate::app) async fn prove_owner(
    app: &App,
    user: UserId,
    secrets: &Secrets,
    proof: &Proof,
) -> Result<(), AppError> {
    limits::limit_account(app, &format!("user:{user}"), proof.client).await?;
    judge(app, Some(secrets), proof).await?.demand()
}

/// What a proof is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// It is enough: the phrase, where the account has one, else the password; and all that was sent is right.
    Proven,
    /// The password is right, but the account has a phrase, too, which was not sent.
    PhraseMissing,
    /// Something that was sent is wrong, or it isn't enough.
    Wrong,
}

impl Verdict {
    /// Refuses, as for signing in, what isn't enough.
    fn demand(self) -> Result<(), AppError> {
        match self {
            Self::Proven => Ok(()),
            Self::PhraseMissing => Err(AppError::PhraseRequired),
            Self::Wrong => Err(AppError::WrongCredentials),
        }
    }
}

/// Verifies as many hashes as there were secrets, whether or not there is an account.
async fn judge(app: &App, secrets: Option<&Secrets>, proof: &Proof) -> Result<Verdict, AppError> {
    let (password, phrase) = match secrets {
        Some(secrets) => (secrets.password.as_ref(), secrets.phrase.as_ref()),
        None => (None, None),
    };
    let mut all_right = true;
    for (sent, stored) in [(&proof.password, password), (&proof.phrase, phrase)] {
        if let Some(sent) = sent {
            all_right &= app.secret_work.verify(sent, stored).await?;
        }
    }
    let asked_for = if phrase.is_some() { &proof.phrase } else { &proof.password };
    Ok(match (all_right, asked_for, &proof.password) {
        (true, Some(_), _) => Verdict::Proven,
        (true, None, Some(_)) => Verdict::PhraseMissing,
        _ => Verdict::Wrong,
    })
}
