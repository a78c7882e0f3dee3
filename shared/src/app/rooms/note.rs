//! Writes a room's audit trail.

use super::standing;
use crate::app::{App, AppError};
use crate::domain::rooms::Act;
use crate::ids::{RoomCode, UserId};
use crate::store::{RoomAudit, RoomAuditPage, RoomDeed, RoomRecord};

/// Notes what was done. It has happened: whoever did it is not told that it failed because this did.
pub(in crate::app) async fn note(
    app: &App,
    room: &RoomCode,
    deed: RoomDeed,
    actor: Option<UserId>,
    target: Option<UserId>,
    detail: &str,
) -> Result<(), AppError> {
    let record = RoomRecord::new(app.ports.clock.now(), deed, actor, target).detail(detail);
    let noted = RoomAudit(&*app.ports.table).note(room, &record, &*app.ports.random).await;
    if let Err(error) = noted {
        tracing::error!(%room, ?deed, %error, "a deed is missing in a room's trail");
    }
    Ok(())
}

/// A page of a room's trail, newest first.
pub async fn room_audit(
    app: &App,
    actor: UserId,
    code: &RoomCode,
    after: Option<&str>,
    limit: usize,
) -> Result<RoomAuditPage, AppError> {
    let standing = standing(app, actor, code).await?;
    standing.insist_on(Act::Audit)?;
    Ok(RoomAudit(&*app.ports.table).page(code, after, limit).await?)
}
