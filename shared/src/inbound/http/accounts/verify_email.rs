//! `POST /api/auth/verify-email/` and `POST /api/auth/verify-email/request/`: whose address it is.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;

use crate::app::{self, App};
use crate::inbound::http::accounts::profile::Done;
use crate::inbound::http::accounts::sign_in::required;
use crate::inbound::http::answers::Limited;
use crate::inbound::http::error::HttpError;
use crate::inbound::http::input::Input;
use crate::inbound::http::signed_in::SignedIn;
use crate::openapi_macros::{self, ToSchema};

#[derive(Deserialize, ToSchema)]
pub(in crate::inbound::http) struct VerifyInput {
    /// What stands behind `?token=` in the mailed link.
    #[schema(required, nullable = false, min_length = 1)]
    token: Option<String>,
}

/// Shows that an address is its account's.
///
/// Whoever has the link may do so, signed in or not.
#[openapi_macros::path(
    post, path = "/api/auth/verify-email/", operation_id = "verify_email", tag = "Accounts", request_body = VerifyInput,
    security(()),
    responses((status = 200, description = "It is theirs", body = Done)),
)]
pub(in crate::inbound::http) async fn verify(
    State(app): State<Arc<App>>,
    Input(input): Input<VerifyInput>,
) -> Result<Json<Done>, HttpError> {
    app::verify_email(&app, required("token", input.token.as_deref())?).await?;
    Ok(Json(Done::new("Your e-mail address is confirmed.")))
}

/// Has the mail that confirms an address sent again.
#[openapi_macros::path(
    post, path = "/api/auth/verify-email/request/", operation_id = "request_verification", tag = "Profile",
    responses(
        (status = 200, description = "A mail is on its way, or the address is confirmed already", body = Done),
        (status = 403, description = "The account has no address (`FORBIDDEN`)"),
        Limited,
    ),
)]
pub(in crate::inbound::http) async fn request(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
) -> Result<Json<Done>, HttpError> {
    let is_needed = app::request_verification(&app, identity.user).await?;
    let message =
        if is_needed { "A mail with a link is on its way." } else { "Your address is confirmed already." };
    Ok(Json(Done::new(message)))
}
