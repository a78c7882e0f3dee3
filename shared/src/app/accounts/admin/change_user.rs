//! An admin changes what somebody may do.

use super::{ADMINS_ONLY, AdminRequest, noted, user};
use crate::app::{App, AppError, end_all_sessions};
use crate::ids::UserId;
use crate::ports::Write;
use crate::protocol::Role;
use crate::store::{AdminChange, Admins, AuditAction, User};

/// How often somebody who was overtaken looks again.
const ATTEMPTS: usize = 3;
const LAST_ADMIN: AppError = AppError::Conflict("This is the last admin: make somebody else an admin first.");

/// What an admin wants changed about somebody; the rest stays.
#[derive(Debug, Clone, Copy, Default)]
pub struct UserChange {
    /// Whether they may not sign in any more.
    pub is_disabled: Option<bool>,
    /// What they may do.
    pub role: Option<Role>,
}

/// Changes somebody. Whoever is disabled is signed out everywhere: before, so that while this fails nothing has changed, and
/// after, whatever began in between; asking again finishes what broke off.
pub async fn change_user(
    app: &App,
    by: &AdminRequest,
    id: UserId,
    change: UserChange,
) -> Result<User, AppError> {
    for _ in 0..ATTEMPTS {
        let before = user(app, id).await?;
        let after = changed(by, &before, change)?;
        if change.is_disabled == Some(true) {
            end_all_sessions(app, id).await?;
        }
        if after == before {
            return Ok(before);
        }
        let with = notes(app, by, &before, &after)?;
        match Admins(&*app.ports.table).change(Some(by.admin), &before, &after, with).await? {
            AdminChange::Done(stored) => {
                if stored.is_disabled {
                    end_all_sessions(app, id).await?;
                }
                return Ok(*stored);
            }
            AdminChange::ByNoAdmin => return Err(ADMINS_ONLY),
            AdminChange::LastAdmin => return Err(LAST_ADMIN),
            AdminChange::Overtaken => {}
        }
    }
    Err(AppError::Busy)
}

fn changed(by: &AdminRequest, before: &User, change: UserChange) -> Result<User, AppError> {
    let mut after = before.clone();
    after.is_disabled = change.is_disabled.unwrap_or(before.is_disabled);
    after.role = change.role.unwrap_or(before.role);
    if by.admin == before.id && after != *before {
        return Err(AppError::Conflict("Let another admin do this to you."));
    }
    if after.is_guest && after.role == Role::Admin {
        return Err(AppError::InvalidInput { field: "role", why: "Guests cannot be admins." });
    }
    Ok(after)
}

fn notes(app: &App, by: &AdminRequest, before: &User, after: &User) -> Result<Vec<Write>, AppError> {
    let role = match after.role {
        Role::Admin => AuditAction::AdminGranted,
        Role::Member => AuditAction::AdminRevoked,
    };
    let access = if after.is_disabled { AuditAction::UserDisabled } else { AuditAction::UserEnabled };
    let role = (after.role != before.role).then_some(role);
    let access = (after.is_disabled != before.is_disabled).then_some(access);
    role.into_iter().chain(access).map(|action| noted(app, by, action, after.id)).collect()
}

/// Ends all sessions of somebody, who may sign in again at once. What is noted is that it was asked for: the note comes first.
pub async fn end_sessions_of(app: &App, by: &AdminRequest, id: UserId) -> Result<(), AppError> {
    let user = user(app, id).await?;
    let note = noted(app, by, AuditAction::SessionsEnded, user.id)?;
    if !Admins(&*app.ports.table).note(by.admin, note).await? {
        return Err(ADMINS_ONLY);
    }
    end_all_sessions(app, id).await
}
