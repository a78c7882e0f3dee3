//! `POST /api/auth/verify-email/`, `…/account/` and `…/request/`: whose address it is.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};

use crate::app::{self, App, Confirmation, ConfirmationDemand, LinkedAccount};
use crate::inbound::http::accounts::profile::Done;
use crate::inbound::http::accounts::sign_in::{proof, required};
use crate::inbound::http::answers::Limited;
use crate::inbound::http::client::Client;
use crate::inbound::http::error::HttpError;
use crate::inbound::http::input::Input;
use crate::inbound::http::signed_in::{MaybeSignedIn, SignedIn};
use crate::openapi_macros::{self, ToSchema};

#[derive(Deserialize, ToSchema)]
pub(in crate::inbound::http) struct VerifyInput {
    /// What stands behind `?token=` in the mailed link.
    #[schema(required, nullable = false, min_length = 1)]
    token: Option<String>,
    /// The account's password, for whoever isn't signed in to it.
    password: Option<String>,
    /// The account's phrase, where it has one.
    phrase: Option<String>,
}

/// Confirms that an address is its account's.
///
/// Whoever reads the mail may not know the account: its session is needed besides, or its password or phrase. A `pending_email`
/// takes the place of the address before.
#[openapi_macros::path(
    post, path = "/api/auth/verify-email/", operation_id = "verify_email", tag = "Accounts", request_body = VerifyInput,
    security((), ("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "It is theirs", body = Done),
        (status = 401, description = "Neither a session of the account nor a secret came along (`UNAUTHENTICATED`), it is not the right one (`WRONG_CREDENTIALS`), or the phrase is missing (`PHRASE_REQUIRED`)"),
        (status = 409, description = "Another account has the address by now, or the account was changed at this moment (`CONFLICT`)"),
        Limited,
    ),
)]
pub(in crate::inbound::http) async fn verify(
    State(app): State<Arc<App>>,
    MaybeSignedIn(session): MaybeSignedIn,
    Client(client): Client,
    Input(input): Input<VerifyInput>,
) -> Result<Json<Done>, HttpError> {
    let token = required("token", input.token.as_deref())?;
    let proof = proof(client, input.password.as_deref(), input.phrase.as_deref());
    app::verify_email(&app, token, &Confirmation { session, proof }).await?;
    Ok(Json(Done::new("Your e-mail address is confirmed.")))
}

#[derive(Deserialize, ToSchema)]
pub(in crate::inbound::http) struct LinkInput {
    /// What stands behind `?token=` in the mailed link.
    #[schema(required, nullable = false, min_length = 1)]
    token: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(in crate::inbound::http) struct LinkedAccountBody {
    /// The name to sign in by, if there is one.
    #[schema(required)]
    username: Option<String>,
    /// The name that others see.
    display_name: String,
    /// What is needed besides the link.
    needs: Needs,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Needs {
    /// Nothing: this is a session of the account.
    Nothing,
    /// The account's phrase, or a session.
    Phrase,
    /// The account's password, or a session.
    Password,
    /// A session: the account has neither phrase nor password.
    Session,
}

/// Says whose account a mailed link is about.
///
/// The link can be used afterwards as before.
#[openapi_macros::path(
    post, path = "/api/auth/verify-email/account/", operation_id = "show_linked_account", tag = "Accounts", request_body = LinkInput,
    security((), ("bearer" = []), ("cookie" = [])),
    responses((status = 200, description = "The account", body = LinkedAccountBody)),
)]
pub(in crate::inbound::http) async fn account(
    State(app): State<Arc<App>>,
    MaybeSignedIn(session): MaybeSignedIn,
    Input(input): Input<LinkInput>,
) -> Result<Json<LinkedAccountBody>, HttpError> {
    let token = required("token", input.token.as_deref())?;
    let LinkedAccount { user, demand } = app::linked_account(&app, token, session.as_ref()).await?;
    Ok(Json(LinkedAccountBody {
        username: user.username.as_ref().map(ToString::to_string),
        display_name: user.display_name,
        needs: match demand {
            ConfirmationDemand::Nothing => Needs::Nothing,
            ConfirmationDemand::Phrase => Needs::Phrase,
            ConfirmationDemand::Password => Needs::Password,
            ConfirmationDemand::Session => Needs::Session,
        },
    }))
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
