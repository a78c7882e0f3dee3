//! `POST /api/auth/link/`: an account's owner says its secret, and it can be signed in to by a provider from then on.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderName};
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde::Deserialize;

use crate::app::{self, App, FromAddress, LINK_LIFE, LinkedSignIn, Settings};
use crate::inbound::cookies::Cookie;
use crate::inbound::http::accounts::sign_in::{cookie, proof, required, tokens};
use crate::inbound::http::answers::{Disabled, Limited, Tokens, WrongCredentials};
use crate::inbound::http::client::Client;
use crate::inbound::http::error::HttpError;
use crate::inbound::http::input::Input;
use crate::openapi_macros::{self, ToSchema};
use crate::protocol::TokensBody;

/// The name of the cookie that a browser keeps while somebody is asked for the secret. No page reads it, and no link sets it:
/// nobody says their secret for the sign-in of somebody else.
const LINK: Cookie = Cookie { name: "link", same_site: "Strict" };

#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"link_token": "LINK_TOKEN", "password": "correct horse battery staple"}))]
pub(in crate::inbound::http) struct LinkInput {
    /// From the answer `LINK_NEEDED`. Browsers that were sent to a provider have it as a cookie.
    link_token: Option<String>,
    /// The account's password.
    password: Option<String>,
    /// Its phrase, where it has one.
    phrase: Option<String>,
}

/// Links an account with Google or Facebook, and signs in to it.
///
/// For whoever was answered `LINK_NEEDED`. The account's own secret is asked for once.
#[openapi_macros::path(
    post, path = "/api/auth/link/", operation_id = "link_account", tag = "Accounts", request_body = LinkInput,
    security(()),
    responses(
        Tokens,
        WrongCredentials,
        Disabled,
        (status = 409, description = "The account is linked with somebody else there, or was changed at this moment (`CONFLICT`)"),
        Limited,
    ),
)]
pub(in crate::inbound::http) async fn link(
    State(app): State<Arc<App>>,
    Client(client): Client,
    headers: HeaderMap,
    Input(input): Input<LinkInput>,
) -> Result<Response, HttpError> {
    let kept = kept(app.settings(), &headers);
    let token = required("link_token", input.link_token.as_deref().or(kept))?;
    let proof = proof(client, input.password.as_deref(), input.phrase.as_deref())
        .ok_or_else(|| HttpError::field("password", "Send the account's password or phrase."))?;
    app::limit_address(&app, FromAddress::SignIn, client).await?;
    let linked = app::link_identity(&app, token, &proof).await?;
    Ok(signed_in(app.settings(), linked))
}

fn signed_in(settings: &Settings, linked: LinkedSignIn) -> Response {
    let LinkedSignIn { sign_in, next } = linked;
    let cookies = [cookie(settings, &sign_in), LINK.set(settings, "", 0)];
    let cookies: Vec<(HeaderName, String)> = cookies.into_iter().map(|cookie| (SET_COOKIE, cookie)).collect();
    let tokens = TokensBody { message: Some("You are signed in."), next, ..tokens(settings, sign_in) };
    ([(CACHE_CONTROL, "no-store")], AppendHeaders(cookies), Json(tokens)).into_response()
}

/// What keeps a token while a browser's page asks for the secret.
pub(super) fn kept_by_browser(settings: &Settings, token: &str) -> String {
    LINK.set(settings, token, LINK_LIFE)
}

fn kept<'h>(settings: &Settings, headers: &'h HeaderMap) -> Option<&'h str> {
    let mut cookies = headers.get_all(COOKIE).iter().filter_map(|cookies| cookies.to_str().ok());
    cookies.find_map(|cookies| LINK.read(settings, cookies))
}
