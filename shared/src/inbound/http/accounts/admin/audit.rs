//! `GET /api/admin/audit/`: what was done, newest first.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;
use serde::Serialize;

use super::Admin;
use crate::app::App;
use crate::app::admin::audit_trail;
use crate::ids::{UserId, WebhookId};
use crate::inbound::http::answers::NoAdmin;
use crate::inbound::http::error::HttpError;
use crate::inbound::http::pages::{PageQuery, page};
use crate::openapi_macros::{self, ToSchema};
use crate::protocol::Timestamp;
use crate::store::{AuditAction, AuditRecord};

/// Something that an admin did.
#[derive(Serialize, ToSchema)]
pub(super) struct AuditBody {
    /// When.
    at: Timestamp,
    /// What.
    action: AuditAction,
    /// The number of the admin who did it; null: whoever owns the deployment, by a command.
    #[schema(required)]
    admin: Option<UserId>,
    /// The number of the one to whom it was done.
    #[schema(required)]
    user: Option<UserId>,
    /// The webhook to which it was done.
    #[schema(required, value_type = Option<String>)]
    webhook: Option<WebhookId>,
    /// The `X-Request-Id` of the request that did it.
    #[schema(required)]
    request_id: Option<String>,
}

impl From<AuditRecord> for AuditBody {
    fn from(record: AuditRecord) -> Self {
        let at = record.moment();
        let AuditRecord { action, admin, user, webhook, request_id, .. } = record;
        Self { at, action, admin, user, webhook, request_id }
    }
}

/// Lists what admins did, newest first.
#[openapi_macros::path(
    get, path = "/api/admin/audit/", operation_id = "list_audit_trail", tag = "Admins", params(PageQuery),
    responses(
        (status = 200, description = "A page of it", body = [AuditBody], headers(("Link" = Option<String>, description = "Where the next page is, if there is one"))),
        NoAdmin,
    ),
)]
pub(super) async fn list(
    State(app): State<Arc<App>>,
    Admin(_): Admin,
    Query(wanted): Query<PageQuery>,
) -> Result<Response, HttpError> {
    let (limit, cursor) = (wanted.limit()?, wanted.cursor()?);
    let found = audit_trail(&app, cursor.as_ref(), limit).await?;
    let url = format!("{}/api/admin/audit/", app.settings().public_url);
    let entries: Vec<AuditBody> = found.records.into_iter().map(AuditBody::from).collect();
    Ok(page(entries, &url, &[("limit", limit.to_string())], found.next))
}
