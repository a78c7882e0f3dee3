//! Access tokens: JWTs that we sign, and verify by the rules of RFC 8725.

use jsonwebtoken::{Algorithm, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};

use crate::app::{App, AppError};
use crate::ids::SessionId;
use crate::ports::Identity;
use crate::protocol::Timestamp;

/// The only algorithm that we sign with and accept: a token's header does not get to choose.
const ALGORITHM: Algorithm = Algorithm::EdDSA;
/// Tells our access tokens from every other kind of JWT (RFC 9068).
const TYPE: &str = "at+jwt";
/// Who signs, and for whom: one and the same deployment, told from all others by its key.
const PARLOR: &str = "parlor";

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
    let signer = app.key_ring.signer(&app.ports, issued_at).await?;
    let iat = issued_at.as_secs();
    let claims = Claims {
        iss: PARLOR.to_owned(),
        aud: PARLOR.to_owned(),
        sub: identity.user.to_string(),
        sid: identity.session.clone(),
        iat,
        exp: iat + life,
    };
    let header = Header { typ: Some(TYPE.to_owned()), kid: Some(signer.kid), ..Header::new(ALGORITHM) };
    encode(&header, &claims, &signer.key).map_err(|error| AppError::Unavailable(Box::new(error)))
}

/// Whose token this is, if we signed it and it is still good. The session behind it may have ended nevertheless.
pub(in crate::app) async fn verify(app: &App, token: &str) -> Result<Identity, AppError> {
    let header = decode_header(token).map_err(|_| AppError::Unauthenticated)?;
    if header.alg != ALGORITHM || header.typ.as_deref() != Some(TYPE) {
        return Err(AppError::Unauthenticated);
    }
    let kid = header.kid.ok_or(AppError::Unauthenticated)?;
    let key = app.key_ring.verifier(&app.ports, &kid).await?.ok_or(AppError::Unauthenticated)?;
    let claims = decode::<Claims>(token, &key, &validation()).map_err(|_| AppError::Unauthenticated)?.claims;
    if claims.exp <= app.ports.clock.now().as_secs() {
        return Err(AppError::Unauthenticated);
    }
    let user = claims.sub.parse().map_err(|_| AppError::Unauthenticated)?;
    Ok(Identity { user, session: claims.sid })
}

/// All but the expiry, which is held against the injected clock.
fn validation() -> Validation {
    let mut validation = Validation::new(ALGORITHM);
    validation.validate_exp = false;
    validation.set_issuer(&[PARLOR]);
    validation.set_audience(&[PARLOR]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    validation
}
