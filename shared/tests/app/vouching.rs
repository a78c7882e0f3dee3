//! Providers in the test's own hands.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard};

use async_trait::async_trait;
use parlor::domain::email_address::EmailAddress;
use parlor::domain::provider::Provider;
use parlor::ports::{IdentityError, IdentityProviders, ProvenIdentity, ProviderAnswer, ProviderVisit};

/// Vouches for whom the test names, by whatever token or code it names them by.
#[derive(Debug, Default)]
pub(crate) struct Vouching {
    /// Whether no provider is set up at all.
    pub(crate) is_off: AtomicBool,
    known: Mutex<HashMap<String, ProvenIdentity>>,
    visits: Mutex<Vec<ProviderVisit>>,
}

/// Somebody at a provider, which gives out their address.
pub(crate) fn identity(provider: Provider, subject: &str, email: Option<&str>) -> ProvenIdentity {
    ProvenIdentity {
        provider,
        subject: subject.parse().unwrap(),
        email: email.map(|email| EmailAddress::parse(email).unwrap()),
        is_authoritative: email.is_some(),
        name: Some("Ann Lee".to_owned()),
    }
}

/// Somebody whose address the provider has seen at some time, but which others give out.
pub(crate) fn seen_identity(provider: Provider, subject: &str, email: &str) -> ProvenIdentity {
    ProvenIdentity { is_authoritative: false, ..identity(provider, subject, Some(email)) }
}

impl Vouching {
    pub(crate) fn know(&self, token: &str, identity: ProvenIdentity) {
        self.known.lock().unwrap().insert(token.to_owned(), identity);
    }

    /// The visits that have begun.
    pub(crate) fn visits(&self) -> MutexGuard<'_, Vec<ProviderVisit>> {
        self.visits.lock().unwrap()
    }

    fn find(&self, provider: Provider, token: &str) -> Result<ProvenIdentity, IdentityError> {
        if self.is_off.load(Ordering::SeqCst) {
            return Err(IdentityError::NotOffered);
        }
        let known = self.known.lock().unwrap().get(token).cloned();
        let known = known.filter(|identity| identity.provider == provider);
        known.ok_or_else(|| IdentityError::Refused("it is unknown".into()))
    }
}

#[async_trait]
impl IdentityProviders for Vouching {
    fn offers_visits(&self, _: Provider) -> bool {
        true
    }

    async fn verify_id_token(
        &self,
        provider: Provider,
        token: &str,
    ) -> Result<ProvenIdentity, IdentityError> {
        self.find(provider, token)
    }

    async fn look_up_access_token(
        &self,
        provider: Provider,
        token: &str,
    ) -> Result<ProvenIdentity, IdentityError> {
        self.find(provider, &format!("access {token}"))
    }

    async fn begin(&self, _: Provider, visit: &ProviderVisit) -> Result<String, IdentityError> {
        if self.is_off.load(Ordering::SeqCst) {
            return Err(IdentityError::NotOffered);
        }
        self.visits().push(visit.clone());
        Ok(format!("https://provider.test/?state={}", visit.state))
    }

    async fn finish(
        &self,
        provider: Provider,
        visit: &ProviderVisit,
        answer: &ProviderAnswer,
    ) -> Result<ProvenIdentity, IdentityError> {
        let same = |begun: &ProviderVisit| {
            let parts = |visit: &ProviderVisit| {
                [&visit.redirect_uri, &visit.state, &visit.nonce, &visit.verifier].map(Clone::clone)
            };
            parts(begun) == parts(visit)
        };
        if !self.visits().iter().any(same) {
            return Err(IdentityError::Refused("it is another visit".into()));
        }
        self.find(provider, &answer.code)
    }
}
