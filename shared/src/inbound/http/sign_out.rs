//! `POST /api/auth/logout/` and `POST /api/logout/`.
//!
//! The second one is to clear, besides, what the session sent in private conversations; as there are none yet, it is the
//! same call so far.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::header::{HeaderName, SET_COOKIE};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::HttpError;
use super::input::Input;
use super::sign_in::no_cookie;
use super::signed_in::MaybeSignedIn;
use crate::app::{self, App};

/// Whether all of the person's sessions end: `?all`, or a field of the body.
#[derive(Deserialize)]
pub(super) struct Extent {
    all: Option<Value>,
}

#[derive(Serialize)]
pub(super) struct SignedOut {
    success: bool,
    message: &'static str,
}

/// Ends the session, or all of them; whoever isn't signed in is signed out already.
pub(super) async fn sign_out(
    State(app): State<Arc<App>>,
    MaybeSignedIn(identity): MaybeSignedIn,
    Query(query): Query<Extent>,
    Input(body): Input<Extent>,
) -> Result<([(HeaderName, String); 1], Json<SignedOut>), HttpError> {
    match identity {
        Some(identity) if query.is_all() || body.is_all() => {
            app::end_all_sessions(&app, identity.user).await?;
        }
        Some(identity) => app::end_session(&app, &identity).await?,
        None => {}
    }
    let answer = SignedOut { success: true, message: "You are signed out." };
    Ok(([(SET_COOKIE, no_cookie(app.settings()))], Json(answer)))
}

impl Extent {
    /// A bare `?all` is meant, too.
    fn is_all(&self) -> bool {
        match &self.all {
            Some(Value::Bool(all)) => *all,
            Some(Value::String(text)) => !matches!(text.as_str(), "false" | "0"),
            _ => false,
        }
    }
}
