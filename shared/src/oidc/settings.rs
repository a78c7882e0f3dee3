//! Which providers a deployment uses, and as what they know it.

use std::fmt;

/// The client ids at Google, separated by commas; the first one is the web page's. Empty: no Google.
pub const GOOGLE_CLIENT_IDS: &str = "GOOGLE_CLIENT_IDS";
/// The secret of the first client id.
pub const GOOGLE_CLIENT_SECRET: &str = "GOOGLE_CLIENT_SECRET";
/// The app's number at Facebook. Empty: no Facebook.
pub const FACEBOOK_APP_ID: &str = "FACEBOOK_APP_ID";
/// The app's secret.
pub const FACEBOOK_APP_SECRET: &str = "FACEBOOK_APP_SECRET";
/// Others in Google's and Facebook's places: for tests.
const GOOGLE_ISSUER: &str = "GOOGLE_ISSUER";
const FACEBOOK_ISSUER: &str = "FACEBOOK_ISSUER";
const FACEBOOK_GRAPH_URL: &str = "FACEBOOK_GRAPH_URL";

const GOOGLE: &str = "https://accounts.google.com";
const GRAPH: &str = "https://graph.facebook.com/v24.0";

/// What only we and a provider know.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientSecret(String);

impl ClientSecret {
    /// A secret; none if there is nothing in it.
    pub fn new(text: impl Into<String>) -> Option<Self> {
        Some(text.into()).filter(|text| !text.trim().is_empty()).map(Self)
    }

    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

/// Never shows itself.
impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientSecret").finish_non_exhaustive()
    }
}

/// Google, or who stands in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoogleSettings {
    /// Whose ID tokens are taken: those made for these clients. The first one is the web page's; at least one.
    pub client_ids: Vec<String>,
    /// The secret of the first one. None: browsers cannot sign in by being sent there.
    pub client_secret: Option<ClientSecret>,
    /// Where it is.
    pub issuer: String,
}

/// Facebook, or who stands in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacebookSettings {
    /// Whose tokens are taken: those made for this app.
    pub app_id: String,
    /// Its secret. None: only Limited Login's tokens are taken.
    pub app_secret: Option<ClientSecret>,
    /// Who stands in its place as an OpenID provider.
    pub issuer: Option<String>,
    /// Where access tokens are looked up.
    pub graph_url: String,
}

/// Which providers a deployment uses; by default none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProviderSettings {
    /// Google.
    pub google: Option<GoogleSettings>,
    /// Facebook.
    pub facebook: Option<FacebookSettings>,
}

impl ProviderSettings {
    /// Reads them from variables. What is empty counts as not set.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
        let url = |name: &str| set(name).map(|url| url.trim().trim_end_matches('/').to_owned());
        let client_ids = list(&set(GOOGLE_CLIENT_IDS).unwrap_or_default());
        let google = (!client_ids.is_empty()).then(|| GoogleSettings {
            client_ids,
            client_secret: set(GOOGLE_CLIENT_SECRET).and_then(ClientSecret::new),
            issuer: url(GOOGLE_ISSUER).unwrap_or_else(|| GOOGLE.to_owned()),
        });
        let facebook = set(FACEBOOK_APP_ID).map(|app_id| FacebookSettings {
            app_id: app_id.trim().to_owned(),
            app_secret: set(FACEBOOK_APP_SECRET).and_then(ClientSecret::new),
            issuer: url(FACEBOOK_ISSUER),
            graph_url: url(FACEBOOK_GRAPH_URL).unwrap_or_else(|| GRAPH.to_owned()),
        });
        Self { google, facebook }
    }
}

fn list(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> ProviderSettings {
        ProviderSettings::read(|name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn nobody_is_asked_unless_somebody_is_named() {
        assert_eq!(read(&[]), ProviderSettings::default());
        let empty = [GOOGLE_CLIENT_IDS, GOOGLE_CLIENT_SECRET, FACEBOOK_APP_ID, FACEBOOK_APP_SECRET];
        assert_eq!(read(&empty.map(|name| (name, " "))), ProviderSettings::default());
        assert_eq!(read(&[(GOOGLE_CLIENT_IDS, " , ")]).google, None);
    }

    #[test]
    fn who_is_named_is_known_by_ids_and_secrets_which_are_not_shown() {
        let settings = read(&[
            (GOOGLE_CLIENT_IDS, "web.test, phone.test"),
            (GOOGLE_CLIENT_SECRET, "s3cret"),
            (FACEBOOK_APP_ID, "123"),
            (FACEBOOK_ISSUER, "http://localhost:1/"),
        ]);
        assert!(!format!("{settings:?}").contains("s3cret"));
        let (google, facebook) = (settings.google.unwrap(), settings.facebook.unwrap());
        assert_eq!(google.client_ids, ["web.test", "phone.test"]);
        assert_eq!((google.client_secret.unwrap().reveal(), &*google.issuer), ("s3cret", GOOGLE));
        assert_eq!((&*facebook.app_id, facebook.app_secret, &*facebook.graph_url), ("123", None, GRAPH));
        assert_eq!(facebook.issuer.as_deref(), Some("http://localhost:1"));
    }
}
