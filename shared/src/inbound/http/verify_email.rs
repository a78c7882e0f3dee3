//! `POST /api/auth/verify-email/` and `POST /api/auth/verify-email/request/`: whose address it is.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;

use super::error::HttpError;
use super::input::Input;
use super::profile::Done;
use super::sign_in::required;
use super::signed_in::SignedIn;
use crate::app::{self, App};

#[derive(Deserialize)]
pub(super) struct VerifyInput {
    /// What stands behind `?token=` in the mailed link.
    token: Option<String>,
}

/// Shows that an address is its account's. Whoever has the link may do so, signed in or not.
pub(super) async fn verify(
    State(app): State<Arc<App>>,
    Input(input): Input<VerifyInput>,
) -> Result<Json<Done>, HttpError> {
    app::verify_email(&app, required("token", input.token.as_deref())?).await?;
    Ok(Json(Done::new("Your e-mail address is confirmed.")))
}

/// Has the mail sent again.
pub(super) async fn request(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
) -> Result<Json<Done>, HttpError> {
    let is_needed = app::request_verification(&app, identity.user).await?;
    let message =
        if is_needed { "A mail with a link is on its way." } else { "Your address is confirmed already." };
    Ok(Json(Done::new(message)))
}
