//! Media coming in and going out.

pub(in crate::app) mod direct_upload;
pub(in crate::app) mod erase_media;
pub(in crate::app) mod find_medium;
mod picture_head;
pub mod upload_medium;

pub use self::direct_upload::{AnnouncedFile, DirectUpload, UploadOutcome, begin_upload, finish_upload};
pub use self::find_medium::{FoundMedium, find_by_id, find_by_name};
