//! A medium that goes with a message.

use crate::app::{App, AppError};
use crate::domain::chat::Attachment;
use crate::ids::{MediaId, UserId};
use crate::store::Media;

/// What a message keeps of a medium: one that its author may get.
pub(super) async fn attachment(
    app: &App,
    user: UserId,
    id: Option<MediaId>,
) -> Result<Option<Attachment>, AppError> {
    let Some(id) = id else { return Ok(None) };
    let unknown = AppError::InvalidInput { field: "attachment", why: "There is no such medium." };
    let Some(medium) = Media(&*app.ports.table).get(id).await? else { return Err(unknown) };
    if !medium.audience.admits(user, medium.owner) {
        return Err(unknown);
    }
    Ok(Some(Attachment {
        media_id: medium.id,
        stored_name: medium.stored_name,
        name: medium.filename,
        content_type: medium.content_type,
        size: medium.size,
    }))
}
