//! What admins do. Whoever calls these has shown by [`require_admin`] that they are one; what changes somebody insists on it
//! once more, in the same transaction.

mod audit_trail;
mod change_user;
mod find_users;
mod webhooks;

pub use self::audit_trail::{AuditCursor, audit_trail};
pub use self::change_user::{UserChange, change_user, end_sessions_of};
pub use self::find_users::{UserCursor, UserPage, UserSearch, find_users, user};
pub use self::webhooks::{
    MadeWebhook, NewWebhook, WebhookChange, add_webhook, change_webhook, remove_webhook, resend_undelivered,
    undelivered, webhooks,
};
use crate::app::{App, AppError};
use crate::ids::UserId;
use crate::ports::{Identity, Write};
use crate::protocol::Role;
use crate::store::{AuditAction, AuditRecord, User, Users};

/// What everybody else is told.
const ADMINS_ONLY: AppError = AppError::Forbidden("Only admins may do this.");

/// An admin, and the request by which they do something.
#[derive(Debug, Clone)]
pub struct AdminRequest {
    /// Who.
    pub admin: UserId,
    /// The request's name in answers and logs.
    pub request_id: String,
}

/// The admin behind a session, by what is stored of them now: no token says who is one.
pub async fn require_admin(app: &App, identity: &Identity) -> Result<User, AppError> {
    let user = Users(&*app.ports.table).get(identity.user).await?.ok_or(AppError::SessionEnded)?;
    if user.role == Role::Admin && !user.is_disabled { Ok(user) } else { Err(ADMINS_ONLY) }
}

/// The write that notes what an admin does.
fn noted(app: &App, by: &AdminRequest, action: AuditAction, user: UserId) -> Result<Write, AppError> {
    let record = AuditRecord {
        at: app.ports.clock.now().as_micros(),
        action,
        admin: Some(by.admin),
        user: Some(user),
        webhook: None,
        request_id: Some(by.request_id.clone()),
    };
    Ok(record.addition(&*app.ports.random)?)
}
