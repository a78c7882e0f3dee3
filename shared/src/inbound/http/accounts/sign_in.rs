//! Ways to sign in, and the answer that all of them give.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, SET_COOKIE};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::app::{self, ACCESS_TOKEN_LIFE, AccountName, App, FromAddress, Proof, Settings, SignIn};
use crate::domain::client_address::ClientAddress;
use crate::domain::secret::Secret;
use crate::ids::StoredName;
use crate::inbound::cookies::SESSION;
use crate::inbound::http::answers::{Disabled, Limited, Tokens, WrongCredentials};
use crate::inbound::http::client::Client;
use crate::inbound::http::error::HttpError;
use crate::inbound::http::input::Input;
use crate::openapi_macros::{self, ToSchema};
use crate::protocol::{TokensBody, UserBody};
use crate::store::User;

/// How long a browser keeps the cookie, in seconds: as long as any session lasts unused. The server decides when this
/// one ends, which every use puts off; a cookie that is left over does no harm.
const COOKIE_LIFE: i64 = 30 * 24 * 60 * 60;

#[derive(Deserialize, ToSchema)]
pub(in crate::inbound::http) struct GuestInput {
    /// The name that others see.
    #[serde(default)]
    #[schema(required, min_length = 1)]
    display_name: String,
}

/// Signs in a guest.
///
/// Guest and session end after a day without use.
#[openapi_macros::path(
    post, path = "/api/auth/guest/", operation_id = "sign_in_as_guest", tag = "Accounts", request_body = GuestInput,
    security(()),
    responses(
        Tokens,
        Limited,
    ),
)]
pub(in crate::inbound::http) async fn guest(
    State(app): State<Arc<App>>,
    Client(client): Client,
    Input(input): Input<GuestInput>,
) -> Result<Response, HttpError> {
    app::limit_address(&app, FromAddress::Guest, client).await?;
    let sign_in = app::sign_in_guest(&app, &input.display_name).await?;
    Ok(signed_in(app.settings(), sign_in))
}

#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"username": "ann", "phrase": "plum amber kettle"}))]
pub(in crate::inbound::http) struct LoginInput {
    /// In any case of letters.
    #[schema(required, nullable = false, min_length = 1)]
    username: Option<String>,
    /// Enough where the account has no phrase.
    password: Option<String>,
    /// Needed, and enough, where the account has one.
    phrase: Option<String>,
}

/// Signs in by username.
///
/// The phrase, where the account has one, else the password; whatever is sent must be right.
#[openapi_macros::path(
    post, path = "/api/login/", operation_id = "sign_in_by_username", tag = "Accounts", request_body = LoginInput,
    security(()),
    responses(
        Tokens,
        WrongCredentials,
        Disabled,
        Limited,
    ),
)]
pub(in crate::inbound::http) async fn by_username(
    State(app): State<Arc<App>>,
    Client(client): Client,
    Input(input): Input<LoginInput>,
) -> Result<Response, HttpError> {
    let name = required("username", input.username.as_deref())?;
    let proof = proof(client, input.password.as_deref(), input.phrase.as_deref())
        .ok_or_else(|| HttpError::field("phrase", "Send your phrase or your password."))?;
    app::limit_address(&app, FromAddress::SignIn, client).await?;
    let sign_in = app::sign_in_account(&app, &AccountName::username(name), &proof).await?;
    Ok(signed_in(app.settings(), sign_in))
}

#[derive(Deserialize, ToSchema)]
pub(in crate::inbound::http) struct EmailLoginInput {
    /// The account's address.
    #[schema(required, nullable = false, min_length = 1)]
    email: Option<String>,
    /// Its password.
    password: Option<String>,
    /// Its phrase, where it has one.
    phrase: Option<String>,
}

/// Signs in by e-mail address.
///
/// As by username: the phrase, where the account has one, else the password; whatever is sent must be right.
#[openapi_macros::path(
    post, path = "/api/auth/login/", operation_id = "sign_in_by_email", tag = "Accounts", request_body = EmailLoginInput,
    security(()),
    responses(
        Tokens,
        WrongCredentials,
        Disabled,
        Limited,
    ),
)]
pub(in crate::inbound::http) async fn by_email(
    State(app): State<Arc<App>>,
    Client(client): Client,
    Input(input): Input<EmailLoginInput>,
) -> Result<Response, HttpError> {
    let email = required("email", input.email.as_deref())?;
    let proof = proof(client, input.password.as_deref(), input.phrase.as_deref())
        .ok_or_else(|| HttpError::field("password", "Send your password."))?;
    app::limit_address(&app, FromAddress::SignIn, client).await?;
    let sign_in = app::sign_in_account(&app, &AccountName::email(email), &proof).await?;
    Ok(signed_in_with(app.settings(), sign_in, Some("You are signed in.")))
}

#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"refresh_token": "REFRESH_TOKEN"}))]
pub(in crate::inbound::http) struct RefreshInput {
    /// From the last answer with tokens.
    refresh_token: Option<String>,
    /// The same, as some clients call it.
    refresh: Option<String>,
}

/// Exchanges a refresh token for new tokens.
///
/// The same old one gives the same new ones for 30 seconds; used later, it ends the session.
#[openapi_macros::path(
    post, path = "/api/auth/refresh/", operation_id = "refresh_tokens", tag = "Accounts", request_body = RefreshInput,
    security(()),
    responses(
        Tokens,
        (status = 401, description = "The token is none (`UNAUTHENTICATED`), or its session has ended (`SESSION_ENDED`)"),
        Disabled,
    ),
)]
pub(in crate::inbound::http) async fn refresh(
    State(app): State<Arc<App>>,
    Input(input): Input<RefreshInput>,
) -> Result<Response, HttpError> {
    let token = input.refresh_token.or(input.refresh);
    let sign_in = app::refresh(&app, required("refresh_token", token.as_deref())?).await?;
    Ok(signed_in(app.settings(), sign_in))
}

pub(in crate::inbound::http) fn required<'a>(
    field: &'static str,
    text: Option<&'a str>,
) -> Result<&'a str, HttpError> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    text.ok_or_else(|| HttpError::field(field, "This is needed."))
}

/// What somebody proves themselves by; none if they sent nothing.
pub(in crate::inbound::http) fn proof(
    client: Option<ClientAddress>,
    password: Option<&str>,
    phrase: Option<&str>,
) -> Option<Proof> {
    let (password, phrase) = (password.and_then(Secret::new), phrase.and_then(Secret::new));
    let proof = Proof { password, phrase, client };
    Some(proof).filter(|proof| proof.password.is_some() || proof.phrase.is_some())
}

/// The tokens, and the same session as a cookie for browsers.
pub(in crate::inbound::http) fn signed_in(settings: &Settings, sign_in: SignIn) -> Response {
    signed_in_with(settings, sign_in, None)
}

/// The same with a sentence, which some clients show.
fn signed_in_with(settings: &Settings, sign_in: SignIn, message: Option<&'static str>) -> Response {
    let cookie = cookie(settings, &sign_in);
    let tokens = TokensBody { message, ..tokens(settings, sign_in) };
    ([(SET_COOKIE, cookie), (CACHE_CONTROL, "no-store".to_owned())], Json(tokens)).into_response()
}

/// The session as a cookie.
pub(in crate::inbound::http) fn cookie(settings: &Settings, sign_in: &SignIn) -> String {
    SESSION.set(settings, &sign_in.session_token.reveal(), COOKIE_LIFE)
}

/// What makes a browser forget the cookie.
pub(in crate::inbound::http) fn no_cookie(settings: &Settings) -> String {
    SESSION.set(settings, "", 0)
}

pub(in crate::inbound::http) fn tokens(settings: &Settings, sign_in: SignIn) -> TokensBody {
    let user = user_body(settings, &sign_in.user);
    let refresh = sign_in.refresh_token.reveal();
    TokensBody {
        id: user.id,
        display_name: user.display_name.clone(),
        username: user.username.clone(),
        role: user.role,
        is_guest: user.is_guest,
        access_token: sign_in.access_token.clone(),
        refresh_token: refresh.clone(),
        token_type: "Bearer",
        expires_in: ACCESS_TOKEN_LIFE.unsigned_abs(),
        access: sign_in.access_token,
        refresh,
        token: sign_in.session_token.reveal(),
        user,
        message: None,
        next: None,
    }
}

pub(in crate::inbound::http) fn user_body(settings: &Settings, user: &User) -> UserBody {
    let photo = picture_url(settings, user.picture.as_ref());
    UserBody {
        id: user.id,
        username: user.username.as_ref().map(ToString::to_string),
        email: user.email.as_ref().map(|email| email.as_str().to_owned()),
        pending_email: user.pending_email.as_ref().map(|email| email.as_str().to_owned()),
        display_name: user.display_name.clone(),
        profile_pic: photo.clone(),
        photo,
        role: user.role.name(),
        is_guest: user.is_guest,
    }
}

/// Where a person's picture is, for everybody.
pub(in crate::inbound::http) fn picture_url(
    settings: &Settings,
    picture: Option<&StoredName>,
) -> Option<String> {
    picture.map(|name| format!("{}/media/{name}", settings.public_url))
}
