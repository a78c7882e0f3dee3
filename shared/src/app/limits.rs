//! Whether somebody may do something once more.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::{App, AppError};
use crate::domain::client_address::ClientAddress;
use crate::domain::email_address::EmailAddress;
use crate::domain::limit::Limit;
use crate::ids::{SessionId, UserId};
use crate::store::Counts;

/// What is counted by the address that it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FromAddress {
    /// An attempt to sign in.
    SignIn,
    /// A new account.
    Registration,
    /// A new guest.
    Guest,
    /// A forgotten password.
    Forgotten,
}

/// Counts an attempt from an address, and refuses it if there have been too many. Whoever is on this very machine, or nowhere
/// that we know of, is not counted.
pub async fn limit_address(
    app: &App,
    what: FromAddress,
    client: Option<ClientAddress>,
) -> Result<(), AppError> {
    let Some(client) = client.filter(|client| !client.is_this_machine()) else {
        return Ok(());
    };
    let limits = &app.settings.limits;
    let (name, limit) = match what {
        FromAddress::SignIn => ("sign-in-address", limits.sign_ins_per_address),
        FromAddress::Registration => ("register-address", limits.registrations_per_address),
        FromAddress::Guest => ("guest-address", limits.guests_per_address),
        FromAddress::Forgotten => ("forgotten-address", limits.forgotten_per_address),
    };
    count(app, name, &client.limit_key(), limit).await
}

/// Counts an attempt to prove that an account is one's own, whether or not there is one of that name.
pub(super) async fn limit_account(app: &App, name: &str) -> Result<(), AppError> {
    // What people type here may be a password by mistake.
    count(app, "sign-in-account", &hashed(name), app.settings.limits.sign_ins_per_account).await
}

/// Counts a forgotten password of an e-mail address, whether or not it has an account.
pub(super) async fn limit_forgotten(app: &App, email: &EmailAddress) -> Result<(), AppError> {
    let limit = app.settings.limits.forgotten_per_email;
    count(app, "forgotten-email", &hashed(&email.folded()), limit).await
}

/// Counts a mail that an account asks for about its own address.
pub(super) async fn limit_verifications(app: &App, user: UserId) -> Result<(), AppError> {
    let limit = app.settings.limits.verifications_per_account;
    count(app, "verification-account", &user.to_string(), limit).await
}

/// Counts a mail to an address.
pub(super) async fn limit_mails(app: &App, email: &EmailAddress) -> Result<(), AppError> {
    count(app, "mail", &hashed(&email.folded()), app.settings.limits.mails_per_email).await
}

/// Of a fixed length, and nothing that a person could be known by.
fn hashed(name: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(name))
}

/// Counts a ticket of a session.
pub(super) async fn limit_tickets(app: &App, session: &SessionId) -> Result<(), AppError> {
    count(app, "ticket", session.as_str(), app.settings.limits.tickets_per_session).await
}

async fn count(app: &App, what: &str, who: &str, limit: Limit) -> Result<(), AppError> {
    let now = app.ports.clock.now().as_secs();
    let window = limit.window(now);
    if Counts(&*app.ports.table).add(what, who, window).await? <= u64::from(limit.times) {
        return Ok(());
    }
    Err(AppError::TooMany { limit: limit.times, retry_after: window.ends.saturating_sub(now).unsigned_abs() })
}
