//! Who is it?

use crate::app::accounts::profile::update_in_rooms_later;
use crate::app::{App, AppError, access_token};
use crate::domain::token::{OpaqueToken, TokenKind};
use crate::ports::Identity;
use crate::store::{Session, Sessions};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// How long a session lives unused, in seconds; a guest goes with it.
pub(in crate::app) fn session_life(is_guest: bool) -> i64 {
    if is_guest { DAY } else { 30 * DAY }
}

/// How often a session's end is moved at most, in seconds: a write now and then, not one for every request.
fn extend_every(is_guest: bool) -> i64 {
    if is_guest { HOUR } else { DAY }
}

/// Whose token this is, a JWT or an opaque one, if it is good and its session goes on.
pub async fn authenticate(app: &App, token: &str) -> Result<Identity, AppError> {
    let (identity, opaque) = match OpaqueToken::parse(TokenKind::Session, token) {
        Some(opaque) => (opaque.identity.clone(), Some(opaque)),
        None => (access_token::verify(app, token).await?, None),
    };
    let session = live_session(app, &identity).await?;
    if opaque.is_some_and(|opaque| opaque.hash() != session.token_hash) {
        return Err(AppError::Unauthenticated);
    }
    extend(app, &session).await;
    Ok(identity)
}

/// The session as it is now, or the error that says it has ended.
pub(in crate::app) async fn live_session(app: &App, identity: &Identity) -> Result<Session, AppError> {
    Sessions(&*app.ports.table).get(identity).await?.ok_or(AppError::SessionEnded)
}

/// Who is about stays. Failing to note that is no reason to turn them away.
async fn extend(app: &App, session: &Session) {
    let end = app.ports.clock.now().as_secs() + session_life(session.is_guest);
    if session.expires_at < end - extend_every(session.is_guest) {
        let extended = Sessions(&*app.ports.table).extend(session, end).await;
        if let Err(error) = extended {
            tracing::warn!(user = %session.user, %error, "a session could not be extended");
        }
        if session.is_guest {
            // Their rows in rooms would go without them.
            update_in_rooms_later(app, session.user).await;
        }
    }
}
