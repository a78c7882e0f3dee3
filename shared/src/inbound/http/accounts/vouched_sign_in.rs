//! `POST /api/auth/google/` and `POST /api/auth/facebook/`: clients that have been at a provider by themselves.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use crate::app::{self, App, FromAddress};
use crate::domain::provider::Provider;
use crate::inbound::http::accounts::sign_in::{required, signed_in};
use crate::inbound::http::client::Client;
use crate::inbound::http::error::HttpError;
use crate::inbound::http::input::Input;
#[cfg(feature = "openapi")]
use crate::protocol::{ErrorBody, TokensBody};

#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Deserialize)]
pub(in crate::inbound::http) struct GoogleInput {
    /// An ID token that Google made for one of our clients.
    #[cfg_attr(feature = "openapi", schema(required, nullable = false, min_length = 1))]
    id_token: Option<String>,
}

/// Signs in with Google.
///
/// For clients that have been there by themselves; browsers are sent there by `/accounts/google/login/`.
#[cfg_attr(feature = "openapi", utoipa::path(
    post, path = "/api/auth/google/", operation_id = "sign_in_with_google", tag = "Accounts", request_body = GoogleInput,
    responses(
        (status = 200, description = "The tokens, and the session as a cookie", body = TokensBody, headers(("Set-Cookie" = String, description = "The cookie `session`"))),
        (status = 401, description = "The provider does not vouch for it (`WRONG_CREDENTIALS`)", body = ErrorBody),
        (status = 403, description = "The account is disabled (`ACCOUNT_DISABLED`), or the call comes from a web page of another site (`ORIGIN_NOT_ALLOWED`)", body = ErrorBody),
        (status = 404, description = "This provider is not set up here (`NOT_OFFERED`)", body = ErrorBody),
        (status = 409, description = "The account was changed at this moment (`CONFLICT`); the same request may be sent again", body = ErrorBody),
        (status = 429, description = "Too often (`RATE_LIMITED`)", body = ErrorBody),
    ),
))]
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

#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({"access_token": "ACCESS_TOKEN"})))]
#[derive(Deserialize)]
pub(in crate::inbound::http) struct FacebookInput {
    /// An ID token of Limited Login.
    id_token: Option<String>,
    /// A classic access token, where there is no ID token.
    access_token: Option<String>,
}

/// Signs in with Facebook.
///
/// By an ID token or an access token: one of them is needed.
#[cfg_attr(feature = "openapi", utoipa::path(
    post, path = "/api/auth/facebook/", operation_id = "sign_in_with_facebook", tag = "Accounts", request_body = FacebookInput,
    responses(
        (status = 200, description = "The tokens, and the session as a cookie", body = TokensBody, headers(("Set-Cookie" = String, description = "The cookie `session`"))),
        (status = 401, description = "The provider does not vouch for it (`WRONG_CREDENTIALS`)", body = ErrorBody),
        (status = 403, description = "The account is disabled (`ACCOUNT_DISABLED`), or the call comes from a web page of another site (`ORIGIN_NOT_ALLOWED`)", body = ErrorBody),
        (status = 404, description = "This provider is not set up here (`NOT_OFFERED`)", body = ErrorBody),
        (status = 409, description = "The account was changed at this moment (`CONFLICT`); the same request may be sent again", body = ErrorBody),
        (status = 429, description = "Too often (`RATE_LIMITED`)", body = ErrorBody),
    ),
))]
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
