//! Whether somebody may do something once more.

use std::cell::Cell;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::{App, AppError};
use crate::domain::client_address::ClientAddress;
use crate::domain::email_address::EmailAddress;
use crate::domain::limit::Limit;
use crate::ids::{RoomCode, SessionId, UserId};
use crate::store::{Counted, Counts};

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

/// What is left of a limit that something was counted against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// How many times there are.
    pub limit: u32,
    /// How many of them are left.
    pub remaining: u32,
    /// In how many seconds all of them are there again.
    pub reset: u64,
}

tokio::task_local! {
    /// The least that is left of what the present work was counted against.
    static LEAST: Cell<Option<Quota>>;
}

/// Does something, and tells beside its outcome what is left of the limit that it comes closest to, if it was counted
/// against any: so every answer can say it, whatever becomes of the work.
pub async fn with_quota<T>(work: impl Future<Output = T>) -> (T, Option<Quota>) {
    let noted = async { (work.await, LEAST.with(Cell::get)) };
    LEAST.scope(Cell::new(None), noted).await
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
    count(app, counted(name, &client.limit_key()), limit).await
}

/// Counts an attempt to prove that an account is one's own, whether or not there is one of that name: by the account and the
/// address together, so that nobody is locked out by what others try elsewhere. The account alone is a slower brake, on
/// whoever tries from many addresses.
pub(super) async fn limit_account(
    app: &App,
    name: &str,
    client: Option<ClientAddress>,
) -> Result<(), AppError> {
    let limits = &app.settings.limits;
    // What people type here may be a password by mistake.
    let who = hashed(name);
    let from = client.map_or_else(|| "unknown".to_owned(), |client| client.limit_key());
    let attempt = Counted { what: "sign-in-account", who: &who, from: Some(&from) };
    count(app, attempt, limits.sign_ins_per_account_and_address).await?;
    count(app, Counted { from: None, ..attempt }, limits.sign_ins_per_account).await
}

/// Counts a forgotten password of an e-mail address, whether or not it has an account.
pub(super) async fn limit_forgotten(app: &App, email: &EmailAddress) -> Result<(), AppError> {
    let limit = app.settings.limits.forgotten_per_email;
    count(app, counted("forgotten-email", &hashed(&email.folded())), limit).await
}

/// Counts a mail that an account asks for about its own address.
pub(super) async fn limit_verifications(app: &App, user: UserId) -> Result<(), AppError> {
    let limit = app.settings.limits.verifications_per_account;
    count(app, counted("verification-account", &user.to_string()), limit).await
}

/// Counts a mail to an address.
pub(super) async fn limit_mails(app: &App, email: &EmailAddress) -> Result<(), AppError> {
    count(app, counted("mail", &hashed(&email.folded())), app.settings.limits.mails_per_email).await
}

/// Of a fixed length, and nothing that a person could be known by.
fn hashed(name: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(name))
}

/// Counts a ticket of a session.
pub(super) async fn limit_tickets(app: &App, session: &SessionId) -> Result<(), AppError> {
    count(app, counted("ticket", session.as_str()), app.settings.limits.tickets_per_session).await
}

/// Counts that an account saves how far it is with something: what it names as that is its own choice, and each is a row.
pub(super) async fn limit_progress(app: &App, user: UserId) -> Result<(), AppError> {
    count(app, counted("progress", &user.to_string()), app.settings.limits.progress_per_account).await
}

/// Counts a guess at a room's password: as many as at an account's.
pub(super) async fn limit_room_password(app: &App, user: UserId, room: &RoomCode) -> Result<(), AppError> {
    let who = format!("{}#{user}", room.folded());
    count(app, counted("room-password", &who), app.settings.limits.sign_ins_per_account).await
}

fn counted<'a>(what: &'a str, who: &'a str) -> Counted<'a> {
    Counted { what, who, from: None }
}

async fn count(app: &App, what: Counted<'_>, limit: Limit) -> Result<(), AppError> {
    let now = app.ports.clock.now().as_secs();
    let window = limit.window(now);
    let counted = Counts(&*app.ports.table).add(what, window).await?;
    let times = u64::from(limit.times);
    let remaining = u32::try_from(times.saturating_sub(counted)).unwrap_or(limit.times);
    let reset = window.ends.saturating_sub(now).unsigned_abs();
    note(Quota { limit: limit.times, remaining, reset });
    if counted <= times {
        return Ok(());
    }
    Err(AppError::TooMany { limit: limit.times, retry_after: reset })
}

/// Where nobody asked by [`with_quota`], nobody is told.
fn note(quota: Quota) {
    let _ = LEAST.try_with(|least| {
        let is_less = least.get().is_none_or(|known| quota.remaining < known.remaining);
        if is_less || quota.remaining == 0 {
            least.set(Some(quota));
        }
    });
}
