//! Media and uploads under way.

mod owned_media;
pub(in crate::store) mod room_media;
pub(in crate::store) mod stored_media;
pub(in crate::store) mod uploads;

pub use owned_media::OwnedMedia;
pub use room_media::ShownIn;
pub use stored_media::Media;
pub use uploads::{PendingUpload, Uploads};
