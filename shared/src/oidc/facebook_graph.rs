//! Facebook's classic access tokens: looked up by the Graph API.

use std::fmt::Write as _;
use std::sync::Arc;

use hmac::{Hmac, Mac as _};
use serde::Deserialize;
use sha2::Sha256;
use url::Url;

use super::http_client::{HttpClient, HttpFailure};
use super::settings::ClientSecret;
use crate::domain::provider::Provider;
use crate::ports::{Clock, IdentityError, ProvenIdentity};

/// The Graph API, and what we are to it.
#[derive(Debug)]
pub(super) struct FacebookGraph {
    pub(super) url: String,
    pub(super) app_id: String,
    pub(super) app_secret: ClientSecret,
    pub(super) http: Arc<HttpClient>,
    pub(super) clock: Arc<dyn Clock>,
}

#[derive(Deserialize)]
struct Debugged {
    data: TokenFacts,
}

/// What Facebook says of a token.
#[derive(Deserialize)]
struct TokenFacts {
    #[serde(default)]
    is_valid: bool,
    #[serde(default)]
    app_id: String,
    #[serde(default)]
    user_id: String,
    #[serde(rename = "type")]
    kind: Option<String>,
    /// In seconds since 1970; 0 means never.
    #[serde(default)]
    expires_at: i64,
}

#[derive(Deserialize)]
struct Person {
    id: String,
    name: Option<String>,
}

impl FacebookGraph {
    /// Whose access token this is, if it was made for our app.
    pub(super) async fn look_up(&self, token: &str) -> Result<ProvenIdentity, IdentityError> {
        let refused = |why: &'static str| IdentityError::Refused(why.into());
        let facts = self.debug(token).await?;
        if !self.is_good(&facts) {
            return Err(refused("it is no person's token for our app, or good no more"));
        }
        let person = self.me(token).await?;
        if person.id != facts.user_id {
            return Err(refused("it is somebody else's"));
        }
        let subject = person.id.parse().map_err(|_| refused("it names nobody"))?;
        Ok(ProvenIdentity {
            provider: Provider::Facebook,
            subject,
            // Facebook does not say whether it has ever seen that an address is theirs.
            email: None,
            is_authoritative: false,
            name: person.name,
        })
    }

    fn is_good(&self, facts: &TokenFacts) -> bool {
        let lives = facts.expires_at == 0 || facts.expires_at > self.clock.now().as_secs();
        let is_persons = facts.kind.as_deref().is_none_or(|kind| kind == "USER");
        facts.is_valid && lives && is_persons && facts.app_id == self.app_id && !facts.user_id.is_empty()
    }

    async fn debug(&self, token: &str) -> Result<TokenFacts, IdentityError> {
        let ours = format!("{}|{}", self.app_id, self.app_secret.reveal());
        let answer: Debugged =
            self.get("debug_token", &[("input_token", token), ("access_token", &ours)]).await?;
        Ok(answer.data)
    }

    async fn me(&self, token: &str) -> Result<Person, IdentityError> {
        let proof = self.proof(token);
        let query = [("fields", "id,name"), ("access_token", token), ("appsecret_proof", &proof)];
        self.get("me", &query).await
    }

    async fn get<T: serde::de::DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<T, IdentityError> {
        let url = Url::parse_with_params(&format!("{}/{path}", self.url), query);
        let url = url.map_err(|_| IdentityError::Unavailable("the Graph API's address is no URL".into()))?;
        match self.http.get(url.as_str()).await {
            Ok((answer, _)) => Ok(answer),
            // So it refuses tokens.
            Err(HttpFailure::Status(status)) if status.is_client_error() => {
                Err(IdentityError::Refused(format!("{path} answers {status}").into()))
            }
            Err(failure) => Err(failure.into()),
        }
    }

    /// Shows that a token is used by whoever knows the app's secret, as hex.
    fn proof(&self, token: &str) -> String {
        // A key of any length will do.
        let Ok(mac) = Hmac::<Sha256>::new_from_slice(self.app_secret.reveal().as_bytes()) else {
            return String::new();
        };
        let bytes = mac.chain_update(token).finalize().into_bytes();
        bytes.iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }
}
