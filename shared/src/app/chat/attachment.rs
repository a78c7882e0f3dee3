//! The file that a message shows: whose it must be, and how it is described.

use crate::app::{App, AppError};
use crate::domain::chat::Attachment;
use crate::domain::media::Medium;
use crate::ids::UserId;
use crate::ports::TableError;
use crate::protocol::AttachmentRef;
use crate::store::Media;

/// What a message keeps of a file: of one that its author has uploaded. The message shows it to its room.
pub(super) async fn attachment(
    app: &App,
    author: UserId,
    named: Option<&AttachmentRef>,
) -> Result<Option<Attachment>, AppError> {
    let Some(named) = named else { return Ok(None) };
    let medium = medium(app, named).await?.filter(|medium| medium.owner == author);
    let unknown = AppError::InvalidInput { field: "attachment", why: "You have uploaded no such file." };
    medium.map(|medium| Some(of(medium))).ok_or(unknown)
}

/// The medium of that id, or the one that we serve under that URL.
async fn medium(app: &App, named: &AttachmentRef) -> Result<Option<Medium>, TableError> {
    let media = Media(&*app.ports.table);
    match named {
        AttachmentRef::Medium(id) => media.get(*id).await,
        AttachmentRef::Url(url) => {
            let path = url.strip_prefix(&app.settings.public_url);
            match path.and_then(|path| path.strip_prefix("/media/")?.parse().ok()) {
                Some(name) => media.named(&name).await,
                None => Ok(None),
            }
        }
    }
}

fn of(medium: Medium) -> Attachment {
    let Medium { id, stored_name, filename, content_type, size, picture, .. } = medium;
    Attachment { media_id: id, stored_name, name: filename, content_type, size, picture }
}
