//! `GET /api/admin/audit/`: what was done, newest first.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::super::error::HttpError;
use super::{Admin, pages};
use crate::app::App;
use crate::app::admin::audit_trail;
use crate::ids::UserId;
use crate::protocol::Timestamp;
use crate::store::{AuditAction, AuditRecord};

/// Which page of the trail.
#[derive(Deserialize)]
pub(super) struct AuditQuery {
    /// How many entries, at most 100.
    limit: Option<String>,
    /// Where the page begins, as the `Link` of the one before says.
    cursor: Option<String>,
}

/// Something that an admin did.
#[derive(Serialize)]
pub(super) struct AuditBody {
    /// When.
    at: Timestamp,
    /// What.
    action: AuditAction,
    /// The number of the admin who did it; null: whoever owns the deployment, by a command.
    admin: Option<UserId>,
    /// The number of the one to whom it was done.
    user: Option<UserId>,
    /// The `X-Request-Id` of the request that did it.
    request_id: Option<String>,
}

impl From<AuditRecord> for AuditBody {
    fn from(record: AuditRecord) -> Self {
        let at = record.moment();
        let AuditRecord { action, admin, user, request_id, .. } = record;
        Self { at, action, admin, user, request_id }
    }
}

/// `GET /api/admin/audit/`
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
