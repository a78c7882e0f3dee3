//! Access tokens: who somebody is, and by which session.

use serde::{Deserialize, Serialize};

use super::signed_claims::{self, PARLOR};
use crate::app::{App, AppError};
use crate::ids::SessionId;
use crate::ports::Identity;
use crate::protocol::Timestamp;

/// Tells our access tokens from every other kind of JWT (RFC 9068).
const TYPE: &str = "at+jwt";

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    sid: SessionId,
    iat: i64,
    exp: i64,
}

/// A token for this person and session, good for `life` seconds from that moment on. The same call gives the same token.
pub(in crate::app) async fn issue(
    app: &App,
    identity: &Identity,
    issued_at: Timestamp,
    life: i64,
) -> Result<String, AppError> {
    let iat = issued_at.as_secs();
    let claims = Claims {
        iss: PARLOR.to_owned(),
        aud: PARLOR.to_owned(),
        sub: identity.user.to_string(),
        sid: identity.session.clone(),
        iat,
        exp: iat + life,
    };
    signed_claims::sign(app, TYPE, &claims, issued_at).await
}

/// Whose token this is, if we signed it and it is still good. The session behind it may have ended nevertheless.
pub(in crate::app) async fn verify(app: &App, token: &str) -> Result<Identity, AppError> {
    let claims = signed_claims::read::<Claims>(app, TYPE, token).await?.ok_or(AppError::Unauthenticated)?;
    if claims.exp <= app.ports.clock.now().as_secs() {
        return Err(AppError::Unauthenticated);
    }
    let user = claims.sub.parse().map_err(|_| AppError::Unauthenticated)?;
    Ok(Identity { user, session: claims.sid })
}
