//! `/api/admin/`: for admins alone. Everybody else gets 403, and 401 without a token, whatever else they send.

pub(in crate::inbound::http) mod audit;
pub(in crate::inbound::http) mod live;
pub(in crate::inbound::http) mod rooms;
pub(in crate::inbound::http) mod users;
pub(in crate::inbound::http) mod webhooks;

use std::sync::Arc;

use axum::Extension;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::routing::{get, patch, post};

use crate::app::admin::{AdminRequest, require_admin};
use crate::app::{App, AppError};
use crate::inbound::http::error::HttpError;
use crate::inbound::http::request_id::RequestId;
use crate::inbound::http::signed_in::SignedIn;
use crate::inbound::http::{Routes, either};

/// The calls of admins.
pub(in crate::inbound::http) fn routes(routes: Routes) -> Routes {
    let routes = either(routes, "/api/admin/users", get(users::list));
    let one = get(users::show).patch(users::change);
    let routes = either(routes, "/api/admin/users/{id}", one);
    let routes = either(routes, "/api/admin/users/{id}/end-sessions", post(users::end_sessions));
    let routes = either(routes, "/api/admin/rooms", get(rooms::list));
    let routes = either(routes, "/api/admin/webhooks", get(webhooks::list).post(webhooks::add));
    let one = patch(webhooks::change).delete(webhooks::remove);
    let routes = either(routes, "/api/admin/webhooks/{id}", one);
    let routes = either(routes, "/api/admin/webhooks/{id}/undelivered", get(webhooks::undelivered));
    let routes = either(routes, "/api/admin/webhooks/{id}/resend", post(webhooks::resend));
    let routes = either(routes, "/api/admin/live", get(live::show));
    either(routes, "/api/admin/audit", get(audit::list))
}

/// The admin behind a request. It stands before whatever else a call reads of the request.
pub(super) struct Admin(AdminRequest);

impl FromRequestParts<Arc<App>> for Admin {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, HttpError> {
        let SignedIn(identity) = SignedIn::from_request_parts(parts, app).await?;
        let admin = require_admin(app, &identity).await?.id;
        let Extension(RequestId(id)) = Extension::from_request_parts(parts, app)
            .await
            .map_err(|_| HttpError::from(AppError::Unavailable("the request has no name".into())))?;
        Ok(Self(AdminRequest { admin, request_id: id.simple().to_string() }))
    }
}
