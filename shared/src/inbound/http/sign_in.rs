//! Ways to sign in, and the answer that all of them give.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, SET_COOKIE};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::error::HttpError;
use super::input::Input;
use crate::app::{self, ACCESS_TOKEN_LIFE, App, Settings, SignIn};
use crate::inbound::credentials::COOKIE;
use crate::protocol::{TokensBody, UserBody};
use crate::store::User;

/// How long a browser keeps the cookie, in seconds: as long as any session lasts unused. The server decides when this
/// one ends, which every use puts off; a cookie that is left over does no harm.
const COOKIE_LIFE: i64 = 30 * 24 * 60 * 60;

#[derive(Deserialize)]
pub(super) struct GuestInput {
    #[serde(default)]
    display_name: String,
}

/// `POST /api/auth/guest/`
pub(super) async fn guest(
    State(app): State<Arc<App>>,
    Input(input): Input<GuestInput>,
) -> Result<Response, HttpError> {
    let sign_in = app::sign_in_guest(&app, &input.display_name).await?;
    Ok(signed_in(app.settings(), sign_in))
}

/// The tokens, and the same session as a cookie for browsers.
fn signed_in(settings: &Settings, sign_in: SignIn) -> Response {
    let cookie = cookie(settings, &sign_in);
    ([(SET_COOKIE, cookie), (CACHE_CONTROL, "no-store".to_owned())], Json(tokens(sign_in))).into_response()
}

fn cookie(settings: &Settings, sign_in: &SignIn) -> String {
    let token = sign_in.session_token.reveal();
    let secure = if settings.public_url.starts_with("https://") { "; Secure" } else { "" };
    format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={COOKIE_LIFE}{secure}")
}

fn tokens(sign_in: SignIn) -> TokensBody {
    let user = user_body(&sign_in.user);
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
    }
}

fn user_body(user: &User) -> UserBody {
    UserBody {
        id: user.id,
        username: None,
        email: None,
        display_name: user.display_name.clone(),
        photo: None,
        profile_pic: None,
        role: "member",
        is_guest: user.is_guest,
    }
}
