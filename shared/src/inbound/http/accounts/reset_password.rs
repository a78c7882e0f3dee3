//! `POST /api/auth/password/forgot/` and `POST /api/auth/password/reset/`: for who can't sign in any more.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;

use crate::app::{self, App, FromAddress};
use crate::domain::email_address::EmailAddress;
use crate::domain::secret::Secret;
use crate::inbound::http::accounts::profile::{Done, refuse_difference};
use crate::inbound::http::accounts::sign_in::required;
use crate::inbound::http::answers::Limited;
use crate::inbound::http::client::Client;
use crate::inbound::http::error::HttpError;
use crate::inbound::http::input::Input;
use crate::openapi_macros::{self, ToSchema};

#[derive(Deserialize, ToSchema)]
pub(in crate::inbound::http) struct ForgotInput {
    /// The account's e-mail address.
    #[schema(required, nullable = false, min_length = 1)]
    email: Option<String>,
}

/// Has a link mailed to an address, if it is an account's.
///
/// The answer does not tell whether it is.
#[openapi_macros::path(
    post, path = "/api/auth/password/forgot/", operation_id = "forget_password", tag = "Accounts", request_body = ForgotInput,
    security(()),
    responses(
        (status = 200, description = "If it is an account's address, a mail is on its way", body = Done),
        Limited,
    ),
)]
pub(in crate::inbound::http) async fn forgot(
    State(app): State<Arc<App>>,
    Client(client): Client,
    Input(input): Input<ForgotInput>,
) -> Result<Json<Done>, HttpError> {
    let email = required("email", input.email.as_deref())?;
    let email = EmailAddress::parse(email).map_err(|why| HttpError::field("email", why))?;
    app::limit_address(&app, FromAddress::Forgotten, client).await?;
    app::forgot_password(&app, &email).await?;
    Ok(Json(Done::new("If an account has this address, a mail with a link is on its way there.")))
}

#[derive(Deserialize, ToSchema)]
pub(in crate::inbound::http) struct ResetInput {
    /// What stands behind `?token=` in the mailed link.
    #[schema(required, nullable = false, min_length = 1)]
    token: Option<String>,
    /// The new password.
    password: Option<String>,
    /// The same again, for forms.
    password2: Option<String>,
    /// A new phrase. Without one the account has none any more.
    phrase: Option<String>,
}

/// Replaces forgotten secrets.
///
/// All sessions of the user end.
#[openapi_macros::path(
    post, path = "/api/auth/password/reset/", operation_id = "reset_password", tag = "Accounts", request_body = ResetInput,
    security(()),
    responses((status = 200, description = "They are changed", body = Done)),
)]
pub(in crate::inbound::http) async fn reset(
    State(app): State<Arc<App>>,
    Input(input): Input<ResetInput>,
) -> Result<Json<Done>, HttpError> {
    let token = required("token", input.token.as_deref())?;
    refuse_difference(input.password.as_deref(), input.password2.as_deref())?;
    let password = input.password.as_deref().and_then(Secret::new);
    let phrase = input.phrase.as_deref().and_then(Secret::new);
    app::reset_password(&app, token, password.as_ref(), phrase.as_ref()).await?;
    Ok(Json(Done::new("Changed. Everybody is signed out; sign in with what you have just chosen.")))
}
