//! What goes in and out of the [`IdentityProviders`](super::IdentityProviders) port.

use super::Cause;
use crate::domain::email_address::EmailAddress;
use crate::domain::provider::Provider;
use crate::ids::Subject;

/// Somebody, as a provider knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvenIdentity {
    /// Who vouches for them.
    pub provider: Provider,
    /// Their name there, which never changes.
    pub subject: Subject,
    /// Their e-mail address, if the provider has seen that it is theirs.
    pub email: Option<EmailAddress>,
    /// Whether the provider itself gives such addresses out. Else it has seen at some time whose it was; since then it may
    /// have become somebody else's.
    pub is_authoritative: bool,
    /// What they are called, if the provider tells.
    pub name: Option<String>,
}

/// A browser's visit at a provider.
#[derive(Clone)]
pub struct ProviderVisit {
    /// Where the browser comes back to.
    pub redirect_uri: String,
    /// What comes back with it.
    pub state: String,
    /// What the ID token must hold.
    pub nonce: String,
    /// What shows that the code was asked for by us (PKCE).
    pub verifier: String,
}

/// What a provider sent a browser back with.
#[derive(Clone)]
pub struct ProviderAnswer {
    /// What is exchanged for who it is.
    pub code: String,
    /// Who says that they gave it, if they say so.
    pub issuer: Option<String>,
}

/// Shows no code.
impl std::fmt::Debug for ProviderAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProviderAnswer").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// Says only where it comes back to.
impl std::fmt::Debug for ProviderVisit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProviderVisit").field("redirect_uri", &self.redirect_uri).finish_non_exhaustive()
    }
}

/// Why nobody is vouched for.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// This deployment does not use that provider, or not in this way.
    #[error("this provider is not set up")]
    NotOffered,
    /// What was sent proves nothing. The cause holds no token.
    #[error("the provider does not vouch for this")]
    Refused(#[source] Cause),
    /// The provider did not answer, or makes no sense.
    #[error("the provider did not answer")]
    Unavailable(#[source] Cause),
}
