//! `GET /api/admin/audit/`: what was done, newest first.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::{Admin, pages};
use crate::app::App;
use crate::app::admin::audit_trail;
use crate::ids::UserId;
use crate::inbound::http::error::HttpError;
#[cfg(feature = "openapi")]
use crate::protocol::ErrorBody;
use crate::protocol::Timestamp;
use crate::store::{AuditAction, AuditRecord};

/// Which page of the trail.
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[derive(Deserialize)]
pub(super) struct AuditQuery {
    /// How many entries, at most 100.
    #[cfg_attr(feature = "openapi", param(value_type = Option<u8>, nullable = false, minimum = 1, maximum = 100))]
    limit: Option<String>,
    /// Where the page begins, as the `Link` of the one before says.
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    cursor: Option<String>,
}

/// Something that an admin did.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Serialize)]
pub(super) struct AuditBody {
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    at: Timestamp,
    /// What.
    action: AuditAction,
    /// The number of the admin who did it; null: whoever owns the deployment, by a command.
    #[cfg_attr(feature = "openapi", schema(required))]
    admin: Option<UserId>,
    /// The number of the one to whom it was done.
    #[cfg_attr(feature = "openapi", schema(required))]
    user: Option<UserId>,
    /// The `X-Request-Id` of the request that did it.
    #[cfg_attr(feature = "openapi", schema(required))]
    request_id: Option<String>,
}

impl From<AuditRecord> for AuditBody {
    fn from(record: AuditRecord) -> Self {
        let at = record.moment();
        let AuditRecord { action, admin, user, request_id, .. } = record;
        Self { at, action, admin, user, request_id }
    }
}

/// Lists what admins did, newest first.
#[cfg_attr(feature = "openapi", utoipa::path(
    get, path = "/api/admin/audit/", operation_id = "list_audit_trail", tag = "Admins", params(AuditQuery),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "A page of it", body = [AuditBody], headers(("Link" = Option<String>, description = "Where the next page is, if there is one"))),
        (status = 403, description = "This is no admin (`FORBIDDEN`)", body = ErrorBody),
    ),
))]
pub(super) async fn list(
    State(app): State<Arc<App>>,
    Admin(_): Admin,
    Query(query): Query<AuditQuery>,
) -> Result<Response, HttpError> {
    let limit = pages::limit(query.limit.as_deref())?;
    let cursor = pages::cursor(query.cursor.as_deref())?;
    let page = audit_trail(&app, cursor.as_ref(), limit).await?;
    let url = format!("{}/api/admin/audit/", app.settings().public_url);
    let entries: Vec<AuditBody> = page.records.into_iter().map(AuditBody::from).collect();
    Ok(pages::page(entries, &url, &[("limit", limit.to_string())], page.next))
}
