//! Somebody makes an account.

use crate::app::accounts::secrets::mail_link::request_verification_of_new;
use crate::app::{App, AppError, new_secrets, picture};
use crate::domain::display_name::{MAX_DISPLAY_NAME, display_name};
use crate::domain::email_address::EmailAddress;
use crate::domain::picture::Picture;
use crate::domain::secret::Secret;
use crate::domain::username::Username;
use crate::ids::UserId;
use crate::store::{Accounts, Addition, NameTaken, Secrets, User, Users};

/// What somebody says of the account they want.
#[derive(Debug, Default)]
pub struct Registration {
    /// The name to sign in by.
    pub username: String,
    /// An e-mail address.
    pub email: Option<String>,
    /// A password.
    pub password: Option<Secret>,
    /// A phrase, which is asked for in the password's place.
    pub phrase: Option<Secret>,
    /// The name that others see; without one, the username.
    pub display_name: Option<String>,
    /// A picture.
    pub picture: Option<Picture>,
}

/// What is left of a registration once it has been read.
struct NewAccount {
    username: Username,
    email: Option<EmailAddress>,
    display_name: String,
}

/// Makes an account; nobody else has its names, however many ask in the same instant.
pub async fn register(app: &App, registration: Registration) -> Result<User, AppError> {
    let account = read(&registration)?;
    let Registration { password, phrase, picture, .. } = registration;
    let known = known(&account);
    refuse_taken(app, &account).await?;
    new_secrets::check(app, &known, password.as_ref(), phrase.as_ref()).await?;
    let secrets = new_secrets::hash(app, password.as_ref(), phrase.as_ref()).await?;
    let mut user = user(app, Users(&*app.ports.table).next_id().await?, account);
    user.picture = match picture {
        Some(picture) => Some(picture::store(app, picture).await?),
        None => None,
    };
    add(app, &user, &secrets).await?;
    request_verification_of_new(app, &user).await;
    Ok(user)
}

/// Writes the account; the picture of one that surely isn't there goes.
async fn add(app: &App, user: &User, secrets: &Secrets) -> Result<(), AppError> {
    let added = Accounts(&*app.ports.table).add(user, secrets).await;
    if matches!(&added, Ok(Addition::Taken(_))) || added.as_ref().is_err_and(picture::is_refused) {
        picture::discard(app, user.picture.as_ref()).await;
    }
    match added? {
        Addition::Done => Ok(()),
        Addition::Taken(name) => Err(name.into()),
    }
}

fn read(registration: &Registration) -> Result<NewAccount, AppError> {
    let invalid = |field| move |why| AppError::InvalidInput { field, why };
    let username = Username::parse(&registration.username).map_err(invalid("username"))?;
    let email = registration.email.as_deref().map(EmailAddress::parse).transpose();
    let shown = registration.display_name.as_deref().unwrap_or(username.as_str());
    Ok(NewAccount {
        email: email.map_err(invalid("email"))?,
        display_name: display_name(shown).map_err(invalid("display_name"))?,
        username,
    })
}

/// A username is always short enough to be shown.
const _: () = assert!(MAX_DISPLAY_NAME >= 40);

/// What everybody knows of the person, and so would try first.
fn known(account: &NewAccount) -> Vec<String> {
    let NewAccount { username, email, display_name } = account;
    let email = email.as_ref().map(|email| email.as_str().to_owned());
    [username.to_string(), display_name.clone()].into_iter().chain(email).collect()
}

/// Spares the work and the number where the answer is known; what counts is the condition of the write.
async fn refuse_taken(app: &App, account: &NewAccount) -> Result<(), AppError> {
    let accounts = Accounts(&*app.ports.table);
    if accounts.named(&account.username).await?.is_some() {
        return Err(NameTaken::Username.into());
    }
    match &account.email {
        Some(email) if accounts.with_email(email).await?.is_some() => Err(NameTaken::Email.into()),
        _ => Ok(()),
    }
}

fn user(app: &App, id: UserId, account: NewAccount) -> User {
    let NewAccount { username, email, display_name } = account;
    User { username: Some(username), email, ..User::new(id, display_name, app.ports.clock.now()) }
}
