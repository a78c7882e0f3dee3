//! Media and uploads under way.

pub(in crate::store) mod stored_media;
pub(in crate::store) mod uploads;

pub use stored_media::Media;
pub use uploads::{PendingUpload, Uploads};
