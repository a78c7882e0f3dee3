//! Uploads in parts: a version that is put together while nobody sees it.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use s3s::dto::*;
use s3s::{S3, S3Request, S3Response, S3Result, s3_error};

use super::{Stored, VersionedS3, is_any};

/// The uploads that have begun: the key of each, and the version that it will be.
#[derive(Debug, Default)]
pub(super) struct Uploads(Mutex<HashMap<String, (String, String)>>);

impl Uploads {
    /// The version that an upload to that key will be.
    pub(super) fn version(&self, upload_id: &str, key: &str) -> S3Result<String> {
        let begun = self.begun();
        let upload = begun.get(upload_id).filter(|(of_key, _)| of_key == key);
        upload.map(|(_, version_id)| version_id.clone()).ok_or_else(|| s3_error!(NoSuchUpload))
    }

    /// Finished or given up.
    pub(super) fn end(&self, upload_id: &str) {
        self.begun().remove(upload_id);
    }

    fn begun(&self) -> MutexGuard<'_, HashMap<String, (String, String)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl VersionedS3 {
    pub(super) async fn begin_upload(
        &self,
        mut req: S3Request<CreateMultipartUploadInput>,
    ) -> S3Result<S3Response<CreateMultipartUploadOutput>> {
        self.bucket_exists(&req.input.bucket).await?;
        let version_id = self.versions.new_id();
        let key = std::mem::replace(&mut req.input.key, version_id.clone());
        let mut response = self.files.create_multipart_upload(req).await?;
        let upload_id = response.output.upload_id.clone().ok_or_else(|| s3_error!(InternalError))?;
        self.uploads.begun().insert(upload_id, (key.clone(), version_id));
        response.output.key = Some(key);
        Ok(response)
    }

    pub(super) async fn finish_upload(
        &self,
        mut req: S3Request<CompleteMultipartUploadInput>,
    ) -> S3Result<S3Response<CompleteMultipartUploadOutput>> {
        let (bucket, upload_id) = (req.input.bucket.clone(), req.input.upload_id.clone());
        let version_id = self.uploads.version(&upload_id, &req.input.key)?;
        let key = std::mem::replace(&mut req.input.key, version_id.clone());
        let only_if_absent = is_any(req.input.if_none_match.take().as_ref());
        let mut response = self.files.complete_multipart_upload(req).await?;
        self.uploads.end(&upload_id);
        response.output.key = Some(key.clone());
        let stored = Stored { bucket, key, version_id, only_if_absent };
        response.output.version_id = Some(self.created(stored, "CompleteMultipartUpload").await?);
        Ok(response)
    }
}
