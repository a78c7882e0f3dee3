//! Google and Facebook, as far as a deployment uses them.

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::OnceCell;

use super::endpoints::Endpoints;
use super::facebook_graph::FacebookGraph;
use super::http_client::HttpClient;
use super::key_set::KeySet;
use super::open_id_provider::OpenIdProvider;
use super::settings::{FacebookSettings, GoogleSettings, ProviderSettings};
use crate::domain::provider::Provider;
use crate::ports::{Clock, IdentityError, IdentityProviders, ProvenIdentity, ProviderAnswer, ProviderVisit};

/// Google and Facebook, as far as a deployment uses them. Nothing is asked of them before somebody signs in.
#[derive(Debug)]
pub struct OpenIdProviders {
    google: Option<OpenIdProvider>,
    facebook: Option<OpenIdProvider>,
    graph: Option<FacebookGraph>,
}

impl OpenIdProviders {
    /// Those that are set up.
    pub fn new(settings: ProviderSettings, clock: Arc<dyn Clock>) -> Self {
        let http = Arc::new(HttpClient::default());
        let ProviderSettings { google, facebook } = settings;
        Self {
            graph: facebook.as_ref().and_then(|settings| graph(settings, &http, &clock)),
            google: google.map(|settings| new_google(settings, &http, &clock)),
            facebook: facebook.map(|settings| new_facebook(settings, &http, &clock)),
        }
    }

    fn at(&self, provider: Provider) -> Result<&OpenIdProvider, IdentityError> {
        let chosen = match provider {
            Provider::Google => &self.google,
            Provider::Facebook => &self.facebook,
        };
        chosen.as_ref().ok_or(IdentityError::NotOffered)
    }
}

fn new_google(settings: GoogleSettings, http: &Arc<HttpClient>, clock: &Arc<dyn Clock>) -> OpenIdProvider {
    OpenIdProvider {
        provider: Provider::Google,
        clients: settings.client_ids,
        secret: settings.client_secret,
        scopes: &["email", "profile"],
        issuer: settings.issuer,
        http: http.clone(),
        clock: clock.clone(),
        endpoints: OnceCell::new(),
        keys: KeySet::default(),
    }
}

/// No address is asked for, since none would be taken: Facebook does not say which are verified.
fn new_facebook(
    settings: FacebookSettings,
    http: &Arc<HttpClient>,
    clock: &Arc<dyn Clock>,
) -> OpenIdProvider {
    let known = Endpoints::facebook(&settings.graph_url);
    let (issuer, endpoints) = match settings.issuer {
        Some(issuer) => (issuer, OnceCell::new()),
        None => (known.issuer.clone(), OnceCell::new_with(Some(known))),
    };
    OpenIdProvider {
        provider: Provider::Facebook,
        clients: vec![settings.app_id],
        secret: settings.app_secret,
        scopes: &["public_profile"],
        issuer,
        http: http.clone(),
        clock: clock.clone(),
        endpoints,
        keys: KeySet::default(),
    }
}

fn graph(
    settings: &FacebookSettings,
    http: &Arc<HttpClient>,
    clock: &Arc<dyn Clock>,
) -> Option<FacebookGraph> {
    Some(FacebookGraph {
        url: settings.graph_url.clone(),
        app_id: settings.app_id.clone(),
        app_secret: settings.app_secret.clone()?,
        http: http.clone(),
        clock: clock.clone(),
    })
}

#[async_trait]
impl IdentityProviders for OpenIdProviders {
    fn offers_visits(&self, provider: Provider) -> bool {
        self.at(provider).is_ok_and(|provider| provider.secret.is_some())
    }

    async fn verify_id_token(
        &self,
        provider: Provider,
        id_token: &str,
    ) -> Result<ProvenIdentity, IdentityError> {
        self.at(provider)?.verify(id_token).await
    }

    async fn look_up_access_token(
        &self,
        provider: Provider,
        access_token: &str,
    ) -> Result<ProvenIdentity, IdentityError> {
        match (provider, &self.graph) {
            (Provider::Facebook, Some(graph)) => graph.look_up(access_token).await,
            _ => Err(IdentityError::NotOffered),
        }
    }

    async fn begin(&self, provider: Provider, visit: &ProviderVisit) -> Result<String, IdentityError> {
        self.at(provider)?.begin(visit).await
    }

    async fn finish(
        &self,
        provider: Provider,
        visit: &ProviderVisit,
        answer: &ProviderAnswer,
    ) -> Result<ProvenIdentity, IdentityError> {
        self.at(provider)?.finish(visit, answer).await
    }
}
