//! ID tokens: read, verified, and turned into somebody.

use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::DateTime;
use openidconnect::core::{CoreIdTokenVerifier, CoreJsonWebKeySet, CoreJwsSigningAlgorithm};
use openidconnect::{
    AccessToken, ClaimsVerificationError, ClientId, IssuerUrl, Nonce, NonceVerifier as _,
    SignatureVerificationError,
};
use sha2::{Digest as _, Sha256};

use super::claims::{IdToken, IdTokenClaims};

use crate::domain::email_address::EmailAddress;
use crate::domain::provider::Provider;
use crate::ports::{IdentityError, ProvenIdentity};
use crate::protocol::Timestamp;

/// What tokens may be signed by: never a shared secret, never nothing.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 2] =
    [CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256, CoreJwsSigningAlgorithm::EcdsaP256Sha256];

/// What is asked of a token.
#[derive(Debug, Clone, Copy)]
pub(super) struct Demands<'a> {
    /// Who must have made it.
    pub(super) issuer: &'a IssuerUrl,
    /// For whom it must be made: for these and nobody else.
    pub(super) clients: &'a [String],
    /// What it must hold, if it was asked for by us.
    pub(super) nonce: Option<&'a str>,
    /// The access token that came with it, if one did.
    pub(super) beside: Option<&'a AccessToken>,
    /// What time it is.
    pub(super) now: Timestamp,
}

/// Reads a token; nothing of it is known to be true.
pub(super) fn read(token: &str) -> Result<IdToken, IdentityError> {
    // What a parser complains of may be a part of the token.
    IdToken::from_str(token).map_err(|_| IdentityError::Refused("it is no ID token".into()))
}

/// What a token says, if it is all that is asked for.
pub(super) fn verify<'t>(
    token: &'t IdToken,
    keys: CoreJsonWebKeySet,
    demands: Demands<'_>,
) -> Result<&'t IdTokenClaims, ClaimsVerificationError> {
    // For several clients, and for whom else a token is, is looked at below.
    let verifier =
        CoreIdTokenVerifier::new_public_client(ClientId::new(String::new()), demands.issuer.clone(), keys);
    let now = DateTime::from_timestamp(demands.now.as_secs(), 0).unwrap_or(DateTime::<chrono::Utc>::MAX_UTC);
    let verifier =
        verifier.set_allowed_algs(ALGORITHMS).require_audience_match(false).set_time_fn(move || now);
    let right_nonce = |nonce: Option<&Nonce>| match demands.nonce {
        Some(expected) => Nonce::new(expected.to_owned()).verify(nonce),
        None => Ok(()),
    };
    let claims = token.claims(&verifier, right_nonce)?;
    is_for(claims, demands.clients)?;
    is_beside(claims, demands.beside)?;
    Ok(claims)
}

/// Whether a token belongs to the access token that came with it, as far as it names one. Both algorithms hash by SHA-256.
fn is_beside(claims: &IdTokenClaims, beside: Option<&AccessToken>) -> Result<(), ClaimsVerificationError> {
    let (Some(named), Some(token)) = (claims.access_token_hash(), beside) else { return Ok(()) };
    let hash = Sha256::digest(token.secret());
    let is_same = URL_SAFE_NO_PAD.encode(&hash[..hash.len() / 2]) == **named;
    is_same.then_some(()).ok_or_else(|| {
        ClaimsVerificationError::Other("it belongs to another access token (`at_hash`)".to_owned())
    })
}

/// Whether a token was made for our clients alone. Google's for a phone name the server as audience, and the phone's client
/// as the party that asked (`azp`): both must be ours.
fn is_for(claims: &IdTokenClaims, clients: &[String]) -> Result<(), ClaimsVerificationError> {
    let is_ours = |id: &str| clients.iter().any(|client| client == id);
    let audiences = claims.audiences();
    let asked = claims.authorized_party().map(|party| party.as_str());
    let right = !audiences.is_empty()
        && audiences.iter().all(|audience| is_ours(audience.as_str()))
        && asked.map_or(audiences.len() == 1, is_ours);
    right.then_some(()).ok_or_else(|| {
        ClaimsVerificationError::InvalidAudience("it was not made for our clients alone".to_owned())
    })
}

/// Whether newer keys could make the token a good one.
pub(super) fn is_of_unknown_key(error: &ClaimsVerificationError) -> bool {
    let unknown = SignatureVerificationError::NoMatchingKey;
    matches!(error, ClaimsVerificationError::SignatureVerification(error) if *error == unknown)
}

/// The person whom verified claims are about.
pub(super) fn identity(provider: Provider, claims: &IdTokenClaims) -> Result<ProvenIdentity, IdentityError> {
    let subject = claims.subject().as_str().parse();
    let verified = claims.email().filter(|_| claims.email_verified() == Some(true));
    let email = verified.and_then(|email| EmailAddress::parse(email.as_str()).ok());
    let hosted_domain = claims.additional_claims().name.as_deref();
    let name = claims.name().and_then(|name| name.get(None));
    Ok(ProvenIdentity {
        provider,
        subject: subject.map_err(|_| IdentityError::Refused("it names nobody".into()))?,
        is_authoritative: email.as_ref().is_some_and(|email| provider.is_authoritative(email, hosted_domain)),
        email,
        name: name.map(|name| name.as_str().to_owned()),
    })
}
