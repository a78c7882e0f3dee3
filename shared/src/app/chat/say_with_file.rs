//! Says something together with a file.

use super::say::{Author, Said, Words, say};
use crate::app::upload_medium::{self, Kept, StoredFile};
use crate::app::{App, AppError};
use crate::domain::media::Medium;
use crate::ids::RoomCode;
use crate::protocol::AttachmentRef;

/// A file that came with a request.
#[derive(Debug)]
pub enum SentFile {
    /// Its bytes are stored; nobody knows of them yet.
    New(StoredFile),
    /// The same request made a medium of it before.
    Known(Box<Medium>),
}

/// Says something with a file. If that is refused, nothing is left of the file.
pub async fn say_with_file(
    app: &App,
    author: &Author,
    code: &RoomCode,
    words: Words,
    file: SentFile,
) -> Result<(Said, Medium), AppError> {
    let request = words.request.clone();
    let Kept { medium, is_new } = match file {
        SentFile::New(file) => upload_medium::keep(app, author.user, file, request.as_deref()).await?,
        SentFile::Known(medium) => Kept { medium: *medium, is_new: false },
    };
    let words = Words { attachment: Some(AttachmentRef::Medium(medium.id)), ..words };
    match say(app, author, code, words).await {
        Ok(said) => Ok((said, medium)),
        Err(error) => {
            // If it is not known what became of the message, it may show the file.
            if is_new && !matches!(error, AppError::Unavailable(_)) {
                upload_medium::forget(app, &medium, request.as_deref()).await;
            }
            Err(error)
        }
    }
}
