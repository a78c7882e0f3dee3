//! `POST /api/auth/google/` and `POST /api/auth/facebook/`: clients that have been at a provider by themselves.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use super::client::Client;
use super::error::HttpError;
use super::input::Input;
use super::sign_in::{required, signed_in};
use crate::app::{self, App, FromAddress};
use crate::domain::provider::Provider;

#[derive(Deserialize)]
pub(super) struct GoogleInput {
    /// An ID token that Google made for one of our clients.
    id_token: Option<String>,
}

/// `POST /api/auth/google/`
pub(super) async fn google(
    State(app): State<Arc<App>>,
    Client(client): Client,
    Input(input): Input<GoogleInput>,
) -> Result<Response, HttpError> {
    let token = required("id_token", input.id_token.as_deref())?;
    app::limit_address(&app, FromAddress::SignIn, client).await?;
    let sign_in = app::sign_in_by_id_token(&app, Provider::Google, token).await?;
    Ok(signed_in(app.settings(), sign_in))
}

#[derive(Deserialize)]
pub(super) struct FacebookInput {
    /// An ID token of Limited Login.
    id_token: Option<String>,
    /// A classic access token, where there is no ID token.
    access_token: Option<String>,
}

/// `POST /api/auth/facebook/`
pub(super) async fn facebook(
    State(app): State<Arc<App>>,
    Client(client): Client,
    Input(input): Input<FacebookInput>,
) -> Result<Response, HttpError> {
    app::limit_address(&app, FromAddress::SignIn, client).await?;
    let id_token = required("id_token", input.id_token.as_deref());
    let access_token = required("access_token", input.access_token.as_deref());
    let sign_in = match (id_token, access_token) {
        (Ok(token), _) => app::sign_in_by_id_token(&app, Provider::Facebook, token).await?,
        (_, Ok(token)) => app::sign_in_by_access_token(&app, Provider::Facebook, token).await?,
        (Err(missing), Err(_)) => return Err(missing),
    };
    Ok(signed_in(app.settings(), sign_in))
}
