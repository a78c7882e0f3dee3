//! The port [`IdentityProviders`](crate::ports::IdentityProviders) on OpenID Connect, and on Facebook's Graph API.

mod claims;
mod code_flow;
mod endpoints;
mod facebook_graph;
mod http_client;
mod id_tokens;
mod key_set;
mod open_id_provider;
mod open_id_providers;
mod settings;

pub use self::open_id_providers::OpenIdProviders;
pub use self::settings::{
    ClientSecret, FACEBOOK_APP_ID, FACEBOOK_APP_SECRET, FacebookSettings, GOOGLE_CLIENT_IDS,
    GOOGLE_CLIENT_SECRET, GoogleSettings, ProviderSettings,
};
