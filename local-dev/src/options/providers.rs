//! Who vouches for people besides us.

use clap::Args;
use parlor::oidc::{ClientSecret, FacebookSettings, GoogleSettings, ProviderSettings};

use super::{Hidden, web_address};

/// Who vouches for people besides us. The environment variables are those of the deployed functions.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Signing in with Google and Facebook")]
pub struct ProviderOptions {
    /// OAuth client id at Google whose ID tokens are taken, the web page's first; repeat for more.
    #[arg(long = "google-client-id", env = "GOOGLE_CLIENT_IDS", value_name = "ID", value_delimiter = ',')]
    pub google_client_ids: Vec<String>,
    /// Secret of the first client id, for browsers.
    #[arg(long, env = "GOOGLE_CLIENT_SECRET", value_name = "SECRET", hide_env_values = true)]
    pub google_client_secret: Option<Hidden>,
    /// Another OpenID provider in Google's place.
    #[arg(long, env = "GOOGLE_ISSUER", value_name = "URL", default_value = "https://accounts.google.com",
          value_parser = web_address::url)]
    pub google_issuer: String,
    /// Number of the app at Facebook whose tokens are taken.
    #[arg(long, env = "FACEBOOK_APP_ID", value_name = "ID")]
    pub facebook_app_id: Option<String>,
    /// The app's secret, for browsers and for classic access tokens.
    #[arg(long, env = "FACEBOOK_APP_SECRET", value_name = "SECRET", hide_env_values = true)]
    pub facebook_app_secret: Option<Hidden>,
    /// Another OpenID provider in Facebook's place.
    #[arg(long, env = "FACEBOOK_ISSUER", value_name = "URL", value_parser = web_address::url)]
    pub facebook_issuer: Option<String>,
    /// Where Facebook's access tokens are looked up.
    #[arg(long, env = "FACEBOOK_GRAPH_URL", value_name = "URL",
          default_value = "https://graph.facebook.com/v24.0", value_parser = web_address::url)]
    pub facebook_graph_url: String,
}

impl ProviderOptions {
    /// What they come to.
    pub fn settings(&self) -> ProviderSettings {
        let secret = |hidden: &Option<Hidden>| ClientSecret::new(hidden.as_ref()?.0.as_str());
        let google = (!self.google_client_ids.is_empty()).then(|| GoogleSettings {
            client_ids: self.google_client_ids.clone(),
            client_secret: secret(&self.google_client_secret),
            issuer: self.google_issuer.clone(),
        });
        let facebook = self.facebook_app_id.clone().map(|app_id| FacebookSettings {
            app_id,
            app_secret: secret(&self.facebook_app_secret),
            issuer: self.facebook_issuer.clone(),
            graph_url: self.facebook_graph_url.clone(),
        });
        ProviderSettings { google, facebook }
    }
}
