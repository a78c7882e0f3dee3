//! Where a provider takes which request.

use serde::Deserialize;

use super::http_client::{HttpClient, HttpFailure};

/// Where a provider takes which request.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Endpoints {
    /// Whose they are.
    pub(super) issuer: String,
    /// Where browsers are sent.
    #[serde(rename = "authorization_endpoint")]
    pub(super) authorization: String,
    /// Where codes are exchanged.
    #[serde(rename = "token_endpoint")]
    pub(super) token: String,
    /// Where its public keys are.
    #[serde(rename = "jwks_uri")]
    pub(super) keys: String,
}

impl Endpoints {
    /// Facebook's, of its documentation: its discovery document knows neither where codes are exchanged nor the keys of Limited
    /// Login.
    pub(super) fn facebook(graph_url: &str) -> Self {
        Self {
            issuer: "https://www.facebook.com".to_owned(),
            authorization: "https://www.facebook.com/v24.0/dialog/oauth".to_owned(),
            token: format!("{graph_url}/oauth/access_token"),
            keys: "https://limited.facebook.com/.well-known/oauth/openid/jwks/".to_owned(),
        }
    }

    /// Those that an issuer tells of.
    pub(super) async fn discover(http: &HttpClient, issuer: &str) -> Result<Self, HttpFailure> {
        let (endpoints, _): (Self, _) =
            http.get(&format!("{issuer}/.well-known/openid-configuration")).await?;
        if endpoints.is_sound(issuer) { Ok(endpoints) } else { Err(HttpFailure::Nonsense) }
    }

    /// An issuer speaks for itself alone, and does not lead from TLS to anywhere without.
    fn is_sound(&self, issuer: &str) -> bool {
        let secure = |url: &String| url.starts_with("https://") || !issuer.starts_with("https://");
        self.issuer == issuer && [&self.authorization, &self.token, &self.keys].into_iter().all(secure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_speaks_for_itself_alone_and_stays_behind_tls() {
        let at = |scheme: &str| Endpoints {
            issuer: "https://a.test".to_owned(),
            authorization: "https://a.test/auth".to_owned(),
            token: format!("{scheme}://a.test/token"),
            keys: "https://keys.test".to_owned(),
        };
        assert!(at("https").is_sound("https://a.test"));
        assert!(!at("http").is_sound("https://a.test"));
        assert!(!at("https").is_sound("https://b.test"));
        assert!(!at("https").is_sound("https://a.test/"));
    }
}
