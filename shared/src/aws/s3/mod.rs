//! Media and dropped texts: S3.

pub(in crate::aws) mod s3_drop_box;
pub(in crate::aws) mod s3_error;
pub(in crate::aws) mod s3_media_store;
pub(in crate::aws) mod s3_upload;
