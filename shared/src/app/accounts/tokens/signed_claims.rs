//! JWTs that we sign, and verify by the rules of RFC 8725. Their type (`typ`) tells one kind from every other.

use jsonwebtoken::{Algorithm, Header, Validation, decode, decode_header, encode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::app::{App, AppError};
use crate::protocol::Timestamp;

/// The only algorithm that we sign with and accept: a token's header does not get to choose.
const ALGORITHM: Algorithm = Algorithm::EdDSA;
/// Who signs, and for whom: one and the same deployment, told from all others by its key.
pub(super) const PARLOR: &str = "parlor";

/// Signs claims as a token of this type.
pub(super) async fn sign<C: Serialize>(
    app: &App,
    kind: &str,
    claims: &C,
    now: Timestamp,
) -> Result<String, AppError> {
    let signer = app.key_ring.signer(&app.ports, now).await?;
    let header = Header { typ: Some(kind.to_owned()), kid: Some(signer.kid), ..Header::new(ALGORITHM) };
    encode(&header, claims, &signer.key).map_err(|error| AppError::Unavailable(Box::new(error)))
}

/// What a token of this type says, if we signed it. Whether it has expired is the caller's to see, by the injected clock.
pub(super) async fn read<C: DeserializeOwned>(
    app: &App,
    kind: &str,
    token: &str,
) -> Result<Option<C>, AppError> {
    let Ok(header) = decode_header(token) else { return Ok(None) };
    if header.alg != ALGORITHM || header.typ.as_deref() != Some(kind) {
        return Ok(None);
    }
    let Some(kid) = header.kid else { return Ok(None) };
    let Some(key) = app.key_ring.verifier(&app.ports, &kid).await? else { return Ok(None) };
    Ok(decode::<C>(token, &key, &validation()).ok().map(|token| token.claims))
}

/// All but the expiry.
fn validation() -> Validation {
    let mut validation = Validation::new(ALGORITHM);
    validation.validate_exp = false;
    validation.set_issuer(&[PARLOR]);
    validation.set_audience(&[PARLOR]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    validation
}
