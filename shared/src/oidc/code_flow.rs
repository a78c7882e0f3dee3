//! A browser is sent to a provider, and comes back with a code (OAuth 2.0 with PKCE).

use openidconnect::core::{CoreAuthenticationFlow, CoreJsonWebKeySet};
use openidconnect::{
    AccessToken, AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet,
    IssuerUrl, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    RequestTokenError, Scope, TokenResponse as _, TokenUrl,
};

use super::claims::{CodeClient, IdToken};
use super::endpoints::Endpoints;
use super::http_client::HttpFailure;
use super::open_id_provider::OpenIdProvider;
use crate::ports::{IdentityError, ProvenIdentity, ProviderAnswer, ProviderVisit};

impl OpenIdProvider {
    /// The URL at which a browser begins a visit.
    pub(super) async fn begin(&self, visit: &ProviderVisit) -> Result<String, IdentityError> {
        let client = self.client(visit).await?;
        let verifier = PkceCodeVerifier::new(visit.verifier.clone());
        let (state, nonce) = (CsrfToken::new(visit.state.clone()), Nonce::new(visit.nonce.clone()));
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        let request = client.authorize_url(flow, move || state, move || nonce);
        let scopes = self.scopes.iter().map(|scope| Scope::new((*scope).to_owned()));
        let request = request.add_scopes(scopes);
        let request = request.set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        Ok(request.url().0.into())
    }

    /// Who has come back with this code. Where the answer names its issuer (RFC 9207), that is this provider: a code that
    /// another one gave is sent to nobody.
    pub(super) async fn finish(
        &self,
        visit: &ProviderVisit,
        answer: &ProviderAnswer,
    ) -> Result<ProvenIdentity, IdentityError> {
        if answer.issuer.as_ref().is_some_and(|issuer| *issuer != self.issuer) {
            return Err(IdentityError::Refused("the code is another provider's".into()));
        }
        let (token, beside) = self.exchange(visit, &answer.code).await?;
        let browsers = self.clients.get(..1).unwrap_or_default();
        self.identify(&token, browsers, Some(&visit.nonce), Some(&beside)).await
    }

    async fn exchange(
        &self,
        visit: &ProviderVisit,
        code: &str,
    ) -> Result<(IdToken, AccessToken), IdentityError> {
        let client = self.client(visit).await?;
        let request = client.exchange_code(AuthorizationCode::new(code.to_owned()));
        let request = request.set_pkce_verifier(PkceCodeVerifier::new(visit.verifier.clone()));
        let tokens = request.request_async(&*self.http).await.map_err(|error| match error {
            RequestTokenError::ServerResponse(refusal) => {
                IdentityError::Refused(format!("the code: {}", refusal.error()).into())
            }
            RequestTokenError::Request(failure) => failure.into(),
            // What cannot be read may hold tokens.
            RequestTokenError::Parse(..) | RequestTokenError::Other(_) => HttpFailure::Nonsense.into(),
        })?;
        let missing = || IdentityError::Unavailable("there is no ID token in the answer".into());
        let token = tokens.id_token().cloned().ok_or_else(missing)?;
        Ok((token, tokens.access_token().clone()))
    }

    /// Without a secret browsers are not sent anywhere: at the end nobody could tell us from others.
    async fn client(&self, visit: &ProviderVisit) -> Result<CodeClient, IdentityError> {
        let (Some(id), Some(secret)) = (self.clients.first(), &self.secret) else {
            return Err(IdentityError::NotOffered);
        };
        let (endpoints, issuer) = (self.endpoints().await?, IssuerUrl::new(self.issuer.clone()));
        let Endpoints { authorization, token, .. } = endpoints.clone();
        let redirect = RedirectUrl::new(visit.redirect_uri.clone());
        // Keys are looked for later, and may be renewed then.
        let keys = CoreJsonWebKeySet::default();
        let client = CodeClient::<EndpointNotSet, EndpointNotSet>::new(
            ClientId::new(id.clone()),
            issuer.map_err(wrong_url)?,
            keys,
        );
        let client = client.set_client_secret(ClientSecret::new(secret.reveal().to_owned()));
        let client = client.set_auth_uri(AuthUrl::new(authorization).map_err(wrong_url)?);
        let client = client.set_token_uri(TokenUrl::new(token).map_err(wrong_url)?);
        let client = client.set_redirect_uri(redirect.map_err(wrong_url)?);
        Ok(client.set_auth_type(AuthType::RequestBody))
    }
}

fn wrong_url(error: url::ParseError) -> IdentityError {
    IdentityError::Unavailable(Box::new(error))
}
