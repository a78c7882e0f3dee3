//! The first bytes of a file on their way into the store: of a picture they say how large it is.

use std::sync::{Arc, Mutex};

use futures_util::{StreamExt as _, TryStreamExt as _};

use crate::app::{App, AppError};
use crate::domain::media::{Medium, PICTURE_HEAD, PictureSize};
use crate::ports::{ByteStream, MediaError};

/// What is kept of a file's first bytes.
#[derive(Debug, Clone, Default)]
pub(super) struct PictureHead(Arc<Mutex<Vec<u8>>>);

impl PictureHead {
    /// The same stream, of whose first bytes a copy is kept if they may be a picture's.
    pub(super) fn watch(&self, content_type: &str, body: ByteStream) -> ByteStream {
        if !is_picture(content_type) {
            return body;
        }
        let head = self.clone();
        body.inspect_ok(move |piece| head.keep(piece)).boxed()
    }

    /// The size that the kept bytes say.
    pub(super) fn size(&self) -> Option<PictureSize> {
        self.0.lock().ok().and_then(|head| PictureSize::read(&head))
    }

    fn keep(&self, piece: &[u8]) {
        if let Ok(mut head) = self.0.lock() {
            let left = PICTURE_HEAD.saturating_sub(head.len());
            head.extend_from_slice(&piece[..piece.len().min(left)]);
        }
    }
}

/// The size of a picture that lies in the store already; none of what is none.
pub(super) async fn stored_size(app: &App, medium: &Medium) -> Result<Option<PictureSize>, AppError> {
    if !is_picture(&medium.content_type) || medium.size == 0 {
        return Ok(None);
    }
    let range = 0..=medium.size.min(PICTURE_HEAD as u64) - 1;
    let mut body = app.ports.media.get(&medium.stored_name, Some(range)).await?;
    let head = PictureHead::default();
    while let Some(piece) = body.next().await {
        head.keep(&piece.map_err(|error| MediaError::Unavailable(Box::new(error)))?);
    }
    Ok(head.size())
}

fn is_picture(content_type: &str) -> bool {
    content_type.starts_with("image/")
}
