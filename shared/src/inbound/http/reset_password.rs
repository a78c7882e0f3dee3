//! `POST /api/auth/password/forgot/` and `POST /api/auth/password/reset/`: for who can't sign in any more.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;

use super::client::Client;
use super::error::HttpError;
use super::input::Input;
use super::profile::{Done, refuse_difference};
use super::sign_in::required;
use crate::app::{self, App, FromAddress};
use crate::domain::email_address::EmailAddress;
use crate::domain::secret::Secret;

#[derive(Deserialize)]
pub(super) struct ForgotInput {
    /// The account's e-mail address.
    email: Option<String>,
}

/// Has a link mailed to an address, if it is an account's; the answer does not tell.
pub(super) async fn forgot(
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

#[derive(Deserialize)]
pub(super) struct ResetInput {
    /// What stands behind `?token=` in the mailed link.
    token: Option<String>,
    /// The new password.
    password: Option<String>,
    /// The same again, for forms.
    password2: Option<String>,
    /// A new phrase. Without one the account has none any more.
    phrase: Option<String>,
}

/// Replaces forgotten secrets, and ends all sessions.
pub(super) async fn reset(
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
