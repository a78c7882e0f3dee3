//! Calls about accounts under other names.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::app::App;
use crate::inbound::http::accounts::profile::Done;
use crate::inbound::http::accounts::register::{self, RegisterInput, Registered};
use crate::inbound::http::accounts::reset_password::{self, ForgotInput};
use crate::inbound::http::accounts::sign_in::{self, EmailLoginInput, LoginInput};
use crate::inbound::http::accounts::sign_out::{self, Answer, Extent, SignedOut};
use crate::inbound::http::answers::{Disabled, Limited, NameTaken, Tokens, WrongCredentials};
use crate::inbound::http::client::Client;
use crate::inbound::http::error::HttpError;
use crate::inbound::http::input::{Input, InputWithPicture, WithPicture};
use crate::inbound::http::signed_in::MaybeSignedIn;
use crate::openapi_macros;

/// Makes an account, as another call does.
///
/// The same as `POST /api/register/`, for clients that know this one.
#[openapi_macros::path(
    post, path = "/api/accounts/register/", operation_id = "register_by_its_other_name", tag = "Accounts",
    request_body(content((RegisterInput = "application/json"), (WithPicture<RegisterInput> = "multipart/form-data"))),
    security(()),
    responses(
        (status = 201, description = "The account", body = Registered),
        NameTaken,
        Limited,
    ),
)]
pub(in crate::inbound::http) async fn register(
    app: State<Arc<App>>,
    client: Client,
    input: InputWithPicture<RegisterInput>,
) -> Result<(StatusCode, Json<Registered>), HttpError> {
    register::register(app, client, input).await
}

/// Signs in by username, as another call does.
///
/// The same as `POST /api/login/`, for clients that know this one.
#[openapi_macros::path(
    post, path = "/api/accounts/login/", operation_id = "sign_in_by_username_by_its_other_name", tag = "Accounts",
    request_body = LoginInput,
    security(()),
    responses(
        Tokens,
        WrongCredentials,
        Disabled,
        Limited,
    ),
)]
pub(in crate::inbound::http) async fn sign_in_by_username(
    app: State<Arc<App>>,
    client: Client,
    input: Input<LoginInput>,
) -> Result<Response, HttpError> {
    sign_in::by_username(app, client, input).await
}

/// Signs in by e-mail address, as another call does.
///
/// The same as `POST /api/auth/login/`, for clients that know this one.
#[openapi_macros::path(
    post, path = "/api/user/login/", operation_id = "sign_in_by_email_by_its_other_name", tag = "Accounts",
    request_body = EmailLoginInput,
    security(()),
    responses(
        Tokens,
        WrongCredentials,
        Disabled,
        Limited,
    ),
)]
pub(in crate::inbound::http) async fn sign_in_by_email(
    app: State<Arc<App>>,
    client: Client,
    input: Input<EmailLoginInput>,
) -> Result<Response, HttpError> {
    sign_in::by_email(app, client, input).await
}

/// Ends the session, or all of them, as another call does.
///
/// The same as `POST /api/auth/logout/`, for clients that know this one.
#[openapi_macros::path(
    post, path = "/api/user/logout/", operation_id = "sign_out_by_its_other_name", tag = "Accounts",
    request_body = Extent, params(Extent),
    security((), ("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "Nobody is signed in any more", body = SignedOut, headers(("Set-Cookie" = String, description = "What makes browsers forget the cookie"))),
    ),
)]
pub(in crate::inbound::http) async fn sign_out(
    app: State<Arc<App>>,
    identity: MaybeSignedIn,
    query: Query<Extent>,
    body: Input<Extent>,
) -> Result<Answer, HttpError> {
    sign_out::sign_out(app, identity, query, body).await
}

/// Ends the session and clears what it sent in private conversations, as another call does.
///
/// The same as `POST /api/logout/`, for clients that know this one.
#[openapi_macros::path(
    post, path = "/api/accounts/logout/", operation_id = "sign_out_and_clear_by_its_other_name", tag = "Accounts",
    request_body = Extent, params(Extent),
    security((), ("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "Nobody is signed in any more", body = SignedOut, headers(("Set-Cookie" = String, description = "What makes browsers forget the cookie"))),
    ),
)]
pub(in crate::inbound::http) async fn sign_out_and_clear(
    app: State<Arc<App>>,
    identity: MaybeSignedIn,
    query: Query<Extent>,
    body: Input<Extent>,
) -> Result<Answer, HttpError> {
    sign_out::sign_out_and_clear(app, identity, query, body).await
}

/// Has a link mailed to an address, if it is an account's, as another call does.
///
/// The same as `POST /api/auth/password/forgot/`, for clients that know this one.
#[openapi_macros::path(
    post, path = "/api/auth/forgot-password/", operation_id = "forget_password_by_its_other_name", tag = "Accounts",
    request_body = ForgotInput,
    security(()),
    responses(
        (status = 200, description = "If it is an account's address, a mail is on its way", body = Done),
        Limited,
    ),
)]
pub(in crate::inbound::http) async fn forgot(
    app: State<Arc<App>>,
    client: Client,
    input: Input<ForgotInput>,
) -> Result<Json<Done>, HttpError> {
    reset_password::forgot(app, client, input).await
}
