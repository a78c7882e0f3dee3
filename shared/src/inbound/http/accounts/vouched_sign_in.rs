//! `POST /api/auth/google/` and `POST /api/auth/facebook/`: clients that have been at a provider by themselves.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use crate::app::{self, App, FromAddress};
use crate::domain::provider::Provider;
use crate::inbound::http::accounts::sign_in::{required, signed_in};
use crate::inbound::http::answers::{Disabled, Limited, LinkNeeded, Tokens};
use crate::inbound::http::client::Client;
use crate::inbound::http::error::HttpError;
use crate::inbound::http::input::Input;
use crate::openapi_macros::{self, ToSchema};

#[derive(Deserialize, ToSchema)]
pub(in crate::inbound::http) struct GoogleInput {
    /// An ID token that Google made for one of our clients.
    #[schema(required, nullable = false, min_length = 1)]
    id_token: Option<String>,
}

/// Signs in with Google.
///
/// For clients that have been there by themselves; browsers are sent there by `/accounts/google/login/`.
#[openapi_macros::path(
    post, path = "/api/auth/google/", operation_id = "sign_in_with_google", tag = "Accounts", request_body = GoogleInput,
    security(()),
    responses(
        Tokens,
        (status = 401, description = "The provider does not vouch for it (`WRONG_CREDENTIALS`)"),
        Disabled,
        (status = 404, description = "This provider is not set up here (`NOT_OFFERED`)"),
        LinkNeeded,
        Limited,
    ),
)]
pub(in crate::inbound::http) async fn google(
    State(app): State<Arc<App>>,
    Client(client): Client,
    Input(input): Input<GoogleInput>,
) -> Result<Response, HttpError> {
    let token = required("id_token", input.id_token.as_deref())?;
    app::limit_address(&app, FromAddress::SignIn, client).await?;
    let sign_in = app::sign_in_by_id_token(&app, Provider::Google, token).await?;
    Ok(signed_in(app.settings(), sign_in))
}

#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"access_token": "ACCESS_TOKEN"}))]
pub(in crate::inbound::http) struct FacebookInput {
    /// An ID token of Limited Login.
    id_token: Option<String>,
    /// A classic access token, where there is no ID token.
    access_token: Option<String>,
}

/// Signs in with Facebook.
///
/// By an ID token or an access token: one of them is needed.
#[openapi_macros::path(
    post, path = "/api/auth/facebook/", operation_id = "sign_in_with_facebook", tag = "Accounts", request_body = FacebookInput,
    security(()),
    responses(
        Tokens,
        (status = 401, description = "The provider does not vouch for it (`WRONG_CREDENTIALS`)"),
        Disabled,
        (status = 404, description = "This provider is not set up here (`NOT_OFFERED`)"),
        LinkNeeded,
        Limited,
    ),
)]
pub(in crate::inbound::http) async fn facebook(
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
