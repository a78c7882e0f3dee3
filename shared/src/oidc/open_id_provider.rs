//! One OpenID provider, and what we are to it.

use std::sync::Arc;

use openidconnect::{AccessToken, IssuerUrl};
use tokio::sync::OnceCell;

use super::claims::IdToken;
use super::endpoints::Endpoints;
use super::http_client::{HttpClient, HttpFailure};
use super::id_tokens::{self, Demands};
use super::key_set::KeySet;
use super::settings::ClientSecret;
use crate::domain::provider::Provider;
use crate::ports::{Clock, IdentityError, ProvenIdentity};

/// One OpenID provider, and what we are to it.
#[derive(Debug)]
pub(super) struct OpenIdProvider {
    /// Which one.
    pub(super) provider: Provider,
    /// Our names there; the first one is for browsers.
    pub(super) clients: Vec<String>,
    /// The secret of the first one.
    pub(super) secret: Option<ClientSecret>,
    /// What we want to know of people.
    pub(super) scopes: &'static [&'static str],
    /// Its own name.
    pub(super) issuer: String,
    pub(super) http: Arc<HttpClient>,
    pub(super) clock: Arc<dyn Clock>,
    /// Known, or found out at the first use.
    pub(super) endpoints: OnceCell<Endpoints>,
    /// Its public keys.
    pub(super) keys: KeySet,
}

impl OpenIdProvider {
    /// Where it takes which request.
    pub(super) async fn endpoints(&self) -> Result<&Endpoints, HttpFailure> {
        self.endpoints.get_or_try_init(|| Endpoints::discover(&self.http, &self.issuer)).await
    }

    /// Who an ID token of any of our clients is about.
    pub(super) async fn verify(&self, token: &str) -> Result<ProvenIdentity, IdentityError> {
        self.identify(&id_tokens::read(token)?, &self.clients, None, None).await
    }

    /// Who an ID token is about that was made for these clients, in one sign-in if it is named, and for the access token that
    /// came beside it.
    pub(super) async fn identify(
        &self,
        token: &IdToken,
        clients: &[String],
        nonce: Option<&str>,
        beside: Option<&AccessToken>,
    ) -> Result<ProvenIdentity, IdentityError> {
        let wrong = |_| IdentityError::Unavailable("the issuer is no URL".into());
        let issuer = &IssuerUrl::new(self.issuer.clone()).map_err(wrong)?;
        let (url, now) = (&self.endpoints().await?.keys, self.clock.now());
        let demands = Demands { issuer, clients, nonce, beside, now };
        let keys = self.keys.known(&self.http, url, now).await?;
        let mut claims = id_tokens::verify(token, keys, demands);
        if claims.as_ref().is_err_and(id_tokens::is_of_unknown_key)
            && let Some(keys) = self.keys.renewed(&self.http, url, now).await?
        {
            claims = id_tokens::verify(token, keys, demands);
        }
        let claims = claims.map_err(|error| IdentityError::Refused(Box::new(error)))?;
        id_tokens::identity(self.provider, claims)
    }
}
