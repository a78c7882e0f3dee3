//! What was done, newest first.

use std::str::FromStr;

use crate::app::{App, AppError};
use crate::store::{AuditLog, AuditPage};

/// Where a page of the trail ends, and the next one begins.
#[derive(Debug, Clone)]
pub struct AuditCursor(String);

impl FromStr for AuditCursor {
    type Err = AppError;

    fn from_str(text: &str) -> Result<Self, AppError> {
        let is_name = text.split_once('#').is_some_and(|(moment, chance)| {
            moment.len() == 20
                && chance.len() == 16
                && moment.bytes().all(|byte| byte.is_ascii_digit())
                && chance.bytes().all(|byte| byte.is_ascii_hexdigit())
        });
        let wrong = AppError::InvalidInput { field: "cursor", why: "This is no cursor of this call." };
        if is_name { Ok(Self(text.to_owned())) } else { Err(wrong) }
    }
}

/// So many deeds, newest first.
pub async fn audit_trail(
    app: &App,
    after: Option<&AuditCursor>,
    limit: usize,
) -> Result<AuditPage, AppError> {
    let after = after.map(|AuditCursor(name)| name.as_str());
    Ok(AuditLog(&*app.ports.table).page(after, limit).await?)
}
