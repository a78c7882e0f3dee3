//! Who is it?

use super::{App, AppError, access_token};
use crate::domain::token::{OpaqueToken, TokenKind};
use crate::ports::Identity;
use crate::store::{Session, Sessions};

/// An unused guest stays this long, in seconds.
pub(super) const GUEST_LIFE: i64 = 24 * 3600;
/// A session's end is moved at most this often, in seconds: a write an hour, not one for every request.
const EXTEND_EVERY: i64 = 3600;

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
pub(super) async fn live_session(app: &App, identity: &Identity) -> Result<Session, AppError> {
    Sessions(&*app.ports.table).get(identity).await?.ok_or(AppError::SessionEnded)
}

/// A guest who is about stays. Failing to note that is no reason to turn them away.
async fn extend(app: &App, session: &Session) {
    let now = app.ports.clock.now().as_secs();
    if session.is_guest && session.expires_at < now + GUEST_LIFE - EXTEND_EVERY {
        let extended = Sessions(&*app.ports.table).extend(session, now + GUEST_LIFE).await;
        if let Err(error) = extended {
            tracing::warn!(user = %session.user, %error, "a session could not be extended");
        }
    }
}
