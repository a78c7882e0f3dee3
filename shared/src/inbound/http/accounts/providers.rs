//! `GET /api/auth/providers/`: who vouches for people here.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderName;
use axum::http::header::CACHE_CONTROL;
use serde::Serialize;

use crate::app::App;
use crate::domain::provider::Provider;
use crate::openapi_macros::{self, ToSchema};

/// With whom browsers can sign in.
#[derive(Serialize, ToSchema)]
pub(in crate::inbound::http) struct Providers {
    /// Whether `/accounts/google/login/` leads to Google.
    google: bool,
    /// Whether `/accounts/facebook/login/` leads to Facebook.
    facebook: bool,
}

/// It changes with a deployment alone.
const KEPT: &str = "public, max-age=300";

/// Tells with whom browsers can sign in here.
#[openapi_macros::path(
    get, path = "/api/auth/providers/", operation_id = "list_providers", tag = "Accounts", security(()),
    responses((status = 200, description = "Those that are set up", body = Providers)),
)]
pub(in crate::inbound::http) async fn show(
    State(app): State<Arc<App>>,
) -> ([(HeaderName, &'static str); 1], Json<Providers>) {
    let offers = |provider| app.ports.identities.offers_visits(provider);
    let providers = Providers { google: offers(Provider::Google), facebook: offers(Provider::Facebook) };
    ([(CACHE_CONTROL, KEPT)], Json(providers))
}
