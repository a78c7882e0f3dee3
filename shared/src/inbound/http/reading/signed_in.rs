//! Calls that want a signed-in user say so by taking a [`SignedIn`].

use std::sync::Arc;

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use axum::http::{HeaderName, header};
use serde::Deserialize;

use crate::app::{self, App, AppError};
use crate::inbound::cookies::SESSION;
use crate::inbound::credentials::Credentials;
use crate::inbound::http::error::HttpError;
use crate::ports::Identity;

/// The person behind a request, by header or cookie.
pub(in crate::inbound::http) struct SignedIn(pub(in crate::inbound::http) Identity);

/// The person behind a request, by header, `?token=` or cookie: for media, which pages load by URL alone.
pub(in crate::inbound::http) struct SignedInByUrl(pub(in crate::inbound::http) Identity);

/// The person behind a request, if there is one: bad credentials are none.
pub(in crate::inbound::http) struct MaybeSignedIn(pub(in crate::inbound::http) Option<Identity>);

#[derive(Deserialize)]
struct TokenQuery {
    token: Option<String>,
}

impl FromRequestParts<Arc<App>> for SignedIn {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, HttpError> {
        Ok(identify(parts, app, None).await.map(Self)?)
    }
}

impl FromRequestParts<Arc<App>> for SignedInByUrl {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, HttpError> {
        let query = Query::<TokenQuery>::try_from_uri(&parts.uri).ok();
        let token = query.and_then(|query| query.0.token);
        Ok(identify(parts, app, token.as_deref()).await.map(Self)?)
    }
}

impl FromRequestParts<Arc<App>> for MaybeSignedIn {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, HttpError> {
        match identify(parts, app, None).await {
            Ok(identity) => Ok(Self(Some(identity))),
            Err(AppError::Unauthenticated | AppError::SessionEnded) => Ok(Self(None)),
            Err(error) => Err(error.into()),
        }
    }
}

async fn identify(parts: &Parts, app: &App, query_token: Option<&str>) -> Result<Identity, AppError> {
    let text = |name: HeaderName| parts.headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let credentials = Credentials {
        authorization: text(header::AUTHORIZATION),
        protocols: None,
        query_token,
        cookie: text(header::COOKIE).and_then(|cookies| SESSION.read(app.settings(), cookies)),
    };
    let token = credentials.token().ok_or(AppError::Unauthenticated)?;
    app::authenticate(app, token).await
}
