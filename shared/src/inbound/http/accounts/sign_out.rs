//! `POST /api/auth/logout/` and `POST /api/logout/`.
//!
//! The second one clears, besides, what the session has said in private conversations.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::header::{HeaderName, SET_COOKIE};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::app::{self, App};
use crate::inbound::http::accounts::sign_in::no_cookie;
use crate::inbound::http::error::HttpError;
use crate::inbound::http::input::Input;
use crate::inbound::http::signed_in::MaybeSignedIn;
use crate::openapi_macros::{self, ToSchema};

/// Whether all of the person's sessions end: `?all`, or a field of the body.
#[derive(Deserialize, openapi_macros::IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
pub(in crate::inbound::http) struct Extent {
    /// Whether all of the person's sessions end, and not just this one.
    #[schema(value_type = Option<bool>)]
    #[param(value_type = Option<bool>)]
    all: Option<Value>,
}

#[derive(Serialize, ToSchema)]
pub(in crate::inbound::http) struct SignedOut {
    /// `true`
    success: bool,
    /// A sentence for a person.
    message: &'static str,
}

/// What the answer is made of.
pub(in crate::inbound::http) type Answer = ([(HeaderName, String); 1], Json<SignedOut>);

/// Ends the session, or all of them.
///
/// Its tokens die at once, its sockets are closed. Whoever isn't signed in is signed out already.
#[openapi_macros::path(
    post, path = "/api/auth/logout/", tag = "Accounts", request_body = Extent, params(Extent),
    security((), ("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "Nobody is signed in any more", body = SignedOut, headers(("Set-Cookie" = String, description = "What makes browsers forget the cookie"))),
    ),
)]
pub(in crate::inbound::http) async fn sign_out(
    State(app): State<Arc<App>>,
    MaybeSignedIn(identity): MaybeSignedIn,
    Query(query): Query<Extent>,
    Input(body): Input<Extent>,
) -> Result<Answer, HttpError> {
    let all = query.is_all()? | body.is_all()?;
    match identity {
        Some(identity) if all => {
            app::end_all_sessions(&app, identity.user).await?;
        }
        Some(identity) => app::end_session(&app, &identity).await?,
        None => {}
    }
    Ok(signed_out(&app))
}

fn signed_out(app: &App) -> Answer {
    let answer = SignedOut { success: true, message: "You are signed out." };
    ([(SET_COOKIE, no_cookie(app.settings()))], Json(answer))
}

/// The same, and clears what the session has said in private conversations, for everybody in them.
///
/// It begins at once, and is told by `CHAT_CLEARED`. A session that ends in another way clears nothing.
#[openapi_macros::path(
    post, path = "/api/logout/", tag = "Accounts", request_body = Extent, params(Extent),
    security((), ("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "Nobody is signed in any more", body = SignedOut, headers(("Set-Cookie" = String, description = "What makes browsers forget the cookie"))),
    ),
)]
pub(in crate::inbound::http) async fn sign_out_and_clear(
    State(app): State<Arc<App>>,
    MaybeSignedIn(identity): MaybeSignedIn,
    Query(query): Query<Extent>,
    Input(body): Input<Extent>,
) -> Result<Answer, HttpError> {
    let all = query.is_all()? | body.is_all()?;
    if let Some(identity) = identity {
        app::end_and_clear(&app, &identity, all).await?;
    }
    Ok(signed_out(&app))
}

impl Extent {
    /// A bare `?all` is meant, too.
    fn is_all(&self) -> Result<bool, HttpError> {
        match &self.all {
            None | Some(Value::Null) => Ok(false),
            Some(Value::Bool(all)) => Ok(*all),
            Some(Value::String(text)) if ["", "true", "1"].contains(&text.as_str()) => Ok(true),
            Some(Value::String(text)) if ["false", "0"].contains(&text.as_str()) => Ok(false),
            Some(_) => Err(HttpError::field("all", "Say true or false.")),
        }
    }
}
