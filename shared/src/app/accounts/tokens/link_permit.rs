//! Permits to link an account with a name at a provider, once its owner has said its secret.

use serde::{Deserialize, Serialize};

use super::signed_claims::{self, PARLOR};
use crate::app::{App, AppError};
use crate::domain::provider::Provider;
use crate::ids::{Subject, UserId};

/// Tells permits from access tokens.
const TYPE: &str = "link+jwt";
/// For how long a permit is good, in seconds.
pub const LINK_LIFE: i64 = 600;

/// What a provider has said, and which account has the address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) struct LinkPermit {
    /// The account.
    pub(in crate::app) user: UserId,
    /// Who vouches.
    pub(in crate::app) provider: Provider,
    /// For whom.
    pub(in crate::app) subject: Subject,
    /// Where a browser goes in the end.
    pub(in crate::app) next: Option<String>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    provider: Provider,
    subject: Subject,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    exp: i64,
}

/// The permit as a token, which is good from now on for a few minutes.
pub(in crate::app) async fn issue(app: &App, permit: LinkPermit) -> Result<String, AppError> {
    let now = app.ports.clock.now();
    let LinkPermit { user, provider, subject, next } = permit;
    let (iss, aud, sub) = (PARLOR.to_owned(), PARLOR.to_owned(), user.to_string());
    let claims = Claims { iss, aud, sub, provider, subject, next, exp: now.as_secs() + LINK_LIFE };
    signed_claims::sign(app, TYPE, &claims, now).await
}

/// The permit behind a token; none if we didn't sign it, or it is too old.
pub(in crate::app) async fn read(app: &App, token: &str) -> Result<Option<LinkPermit>, AppError> {
    let now = app.ports.clock.now().as_secs();
    let claims = signed_claims::read::<Claims>(app, TYPE, token).await?.filter(|claims| claims.exp > now);
    Ok(claims.and_then(|claims| {
        let Claims { sub, provider, subject, next, .. } = claims;
        Some(LinkPermit { user: sub.parse().ok()?, provider, subject, next })
    }))
}
