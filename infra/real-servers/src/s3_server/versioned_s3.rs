//! The operations of S3 on buckets that keep versions.

mod conditions;
mod multipart;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use s3s::dto::*;
use s3s::{S3, S3Error, S3ErrorCode, S3Request, S3Response, S3Result, s3_error};
use s3s_fs::FileSystem;

use super::ObjectCreated;
use super::object_versions::{Content, ObjectVersions, Version};
use conditions::{differs, is_any, matches};
use multipart::Uploads;

/// Versions over a store that knows none: each version is an object of its own there, under the version's id.
#[derive(Debug)]
pub(super) struct VersionedS3 {
    files: FileSystem,
    versions: Arc<ObjectVersions>,
    uploads: Uploads,
}

impl VersionedS3 {
    pub(super) fn new(files: FileSystem, versions: Arc<ObjectVersions>) -> Self {
        Self { files, versions, uploads: Uploads::default() }
    }

    async fn bucket_exists(&self, bucket: &str) -> S3Result<()> {
        let input = HeadBucketInput { bucket: bucket.to_owned(), ..HeadBucketInput::default() };
        self.files.head_bucket(plain(input)).await.map(drop)
    }

    /// The version that a request means, and what it holds.
    fn held(&self, bucket: &str, key: &str, id: Option<&str>) -> S3Result<(String, Content)> {
        let version = self.versions.find(bucket, key, id);
        match (version, id) {
            (Some(Version { id, content: Some(content) }), _) => Ok((id, content)),
            (Some(_), None) => Err(marked_as_deleted(S3ErrorCode::NoSuchKey)),
            (Some(_), Some(_)) => Err(marked_as_deleted(S3ErrorCode::MethodNotAllowed)),
            (None, None) => Err(s3_error!(NoSuchKey)),
            (None, Some(_)) => Err(s3_error!(NoSuchVersion)),
        }
    }

    /// Makes what was just stored under a version's id the newest version of its object.
    async fn created(&self, stored: Stored, how: &'static str) -> S3Result<String> {
        let head = HeadObjectInput {
            bucket: stored.bucket.clone(),
            key: stored.version_id.clone(),
            ..HeadObjectInput::default()
        };
        let head = self.files.head_object(plain(head)).await?.output;
        let created = ObjectCreated {
            bucket: stored.bucket,
            key: stored.key,
            version_id: stored.version_id.clone(),
            etag: head.e_tag.map_or_else(String::new, |etag| format!("\"{}\"", etag.value())),
            size: head.content_length.and_then(|length| u64::try_from(length).ok()).unwrap_or_default(),
            how,
        };
        self.versions.push(created, stored.only_if_absent)?;
        Ok(stored.version_id)
    }

    /// The bytes of a version that is no more.
    async fn erase(&self, bucket: &str, version_id: &str) -> S3Result<()> {
        let input = DeleteObjectInput {
            bucket: bucket.to_owned(),
            key: version_id.to_owned(),
            ..DeleteObjectInput::default()
        };
        self.files.delete_object(plain(input)).await.map(drop)
    }

    async fn delete(&self, bucket: &str, key: &str, id: Option<String>) -> S3Result<DeleteObjectOutput> {
        let Some(id) = id else {
            let marker = self.versions.mark_deleted(bucket, key);
            return Ok(DeleteObjectOutput {
                delete_marker: Some(true),
                version_id: Some(marker),
                ..Default::default()
            });
        };
        let removed = self.versions.remove(bucket, key, &id);
        let marker = removed.as_ref().is_some_and(|version| version.content.is_none());
        if removed.is_some_and(|version| version.content.is_some()) {
            self.erase(bucket, &id).await?;
        }
        Ok(DeleteObjectOutput {
            delete_marker: marker.then_some(true),
            version_id: Some(id),
            ..Default::default()
        })
    }
}

/// An object whose bytes are stored, but which nobody can see yet.
struct Stored {
    bucket: String,
    key: String,
    version_id: String,
    only_if_absent: bool,
}

/// A request from nobody in particular, for the store below, which asks nobody who he is.
fn plain<T>(input: T) -> S3Request<T> {
    S3Request {
        input,
        method: hyper::Method::GET,
        uri: hyper::Uri::from_static("/"),
        headers: hyper::HeaderMap::new(),
        extensions: hyper::http::Extensions::new(),
        credentials: None,
        region: None,
        service: None,
        trailing_headers: None,
    }
}

fn marked_as_deleted(code: S3ErrorCode) -> S3Error {
    let mut error = S3Error::new(code);
    let mark = (hyper::header::HeaderName::from_static("x-amz-delete-marker"), "true");
    error.set_headers(
        [mark]
            .into_iter()
            .map(|(name, value)| (name, hyper::http::HeaderValue::from_static(value)))
            .collect(),
    );
    error
}

#[async_trait::async_trait]
impl S3 for VersionedS3 {
    async fn create_bucket(
        &self,
        req: S3Request<CreateBucketInput>,
    ) -> S3Result<S3Response<CreateBucketOutput>> {
        self.files.create_bucket(req).await
    }

    async fn head_bucket(&self, req: S3Request<HeadBucketInput>) -> S3Result<S3Response<HeadBucketOutput>> {
        self.files.head_bucket(req).await
    }

    async fn put_object(&self, mut req: S3Request<PutObjectInput>) -> S3Result<S3Response<PutObjectOutput>> {
        let (bucket, version_id) = (req.input.bucket.clone(), self.versions.new_id());
        self.bucket_exists(&bucket).await?;
        let key = std::mem::replace(&mut req.input.key, version_id.clone());
        let only_if_absent = is_any(req.input.if_none_match.take().as_ref());
        let mut response = self.files.put_object(req).await?;
        let stored = Stored { bucket, key, version_id, only_if_absent };
        response.output.version_id = Some(self.created(stored, "Put").await?);
        Ok(response)
    }

    async fn copy_object(
        &self,
        mut req: S3Request<CopyObjectInput>,
    ) -> S3Result<S3Response<CopyObjectOutput>> {
        let CopySource::Bucket { bucket, key, version_id } = &req.input.copy_source else {
            return Err(s3_error!(NotImplemented));
        };
        let (source, content) = self.held(bucket, key, version_id.as_deref())?;
        matches(req.input.copy_source_if_match.take().as_ref(), &content)?;
        let bucket = bucket.clone();
        req.input.copy_source = CopySource::Bucket { bucket, key: source.clone().into(), version_id: None };
        let (bucket, version_id) = (req.input.bucket.clone(), self.versions.new_id());
        let key = std::mem::replace(&mut req.input.key, version_id.clone());
        let mut response = self.files.copy_object(req).await?;
        let stored = Stored { bucket, key, version_id, only_if_absent: false };
        response.output.version_id = Some(self.created(stored, "Copy").await?);
        response.output.copy_source_version_id = Some(source);
        Ok(response)
    }

    async fn get_object(&self, mut req: S3Request<GetObjectInput>) -> S3Result<S3Response<GetObjectOutput>> {
        let input = &mut req.input;
        self.bucket_exists(&input.bucket).await?;
        let (id, content) = self.held(&input.bucket, &input.key, input.version_id.take().as_deref())?;
        matches(input.if_match.as_ref(), &content)?;
        differs(input.if_none_match.as_ref(), &content)?;
        input.key.clone_from(&id);
        let mut response = self.files.get_object(req).await?;
        response.output.version_id = Some(id);
        Ok(response)
    }

    async fn head_object(
        &self,
        mut req: S3Request<HeadObjectInput>,
    ) -> S3Result<S3Response<HeadObjectOutput>> {
        let input = &mut req.input;
        self.bucket_exists(&input.bucket).await?;
        let (id, content) = self.held(&input.bucket, &input.key, input.version_id.take().as_deref())?;
        matches(input.if_match.as_ref(), &content)?;
        differs(input.if_none_match.as_ref(), &content)?;
        input.key.clone_from(&id);
        let mut response = self.files.head_object(req).await?;
        response.output.version_id = Some(id);
        Ok(response)
    }

    async fn delete_object(
        &self,
        req: S3Request<DeleteObjectInput>,
    ) -> S3Result<S3Response<DeleteObjectOutput>> {
        let DeleteObjectInput { bucket, key, version_id, if_match, .. } = req.input;
        self.bucket_exists(&bucket).await?;
        if if_match.is_some() {
            matches(if_match.as_ref(), &self.held(&bucket, &key, version_id.as_deref())?.1)?;
        }
        Ok(S3Response::new(self.delete(&bucket, &key, version_id).await?))
    }

    async fn delete_objects(
        &self,
        req: S3Request<DeleteObjectsInput>,
    ) -> S3Result<S3Response<DeleteObjectsOutput>> {
        self.bucket_exists(&req.input.bucket).await?;
        let mut deleted = Vec::new();
        for object in req.input.delete.objects {
            let gone = self.delete(&req.input.bucket, &object.key, object.version_id.clone()).await?;
            deleted.push(DeletedObject {
                key: Some(object.key),
                version_id: object.version_id,
                delete_marker: gone.delete_marker,
                ..Default::default()
            });
        }
        Ok(S3Response::new(DeleteObjectsOutput { deleted: Some(deleted), ..Default::default() }))
    }

    /// All keys in one page: what tests make is never more than that.
    async fn list_objects_v2(
        &self,
        req: S3Request<ListObjectsV2Input>,
    ) -> S3Result<S3Response<ListObjectsV2Output>> {
        self.bucket_exists(&req.input.bucket).await?;
        if req.input.delimiter.is_some() {
            return Err(s3_error!(NotImplemented));
        }
        let prefix = req.input.prefix.as_deref().unwrap_or_default();
        let objects = self.versions.objects(&req.input.bucket);
        let listed: Vec<_> =
            objects.into_iter().filter(|(key, _)| key.starts_with(prefix)).map(object).collect();
        Ok(S3Response::new(ListObjectsV2Output {
            key_count: i32::try_from(listed.len()).ok(),
            contents: Some(listed),
            is_truncated: Some(false),
            name: Some(req.input.bucket),
            prefix: req.input.prefix,
            ..Default::default()
        }))
    }

    async fn create_multipart_upload(
        &self,
        req: S3Request<CreateMultipartUploadInput>,
    ) -> S3Result<S3Response<CreateMultipartUploadOutput>> {
        self.begin_upload(req).await
    }

    async fn upload_part(&self, req: S3Request<UploadPartInput>) -> S3Result<S3Response<UploadPartOutput>> {
        self.uploads.version(&req.input.upload_id, &req.input.key)?;
        self.files.upload_part(req).await
    }

    async fn list_parts(&self, req: S3Request<ListPartsInput>) -> S3Result<S3Response<ListPartsOutput>> {
        self.uploads.version(&req.input.upload_id, &req.input.key)?;
        self.files.list_parts(req).await
    }

    async fn complete_multipart_upload(
        &self,
        req: S3Request<CompleteMultipartUploadInput>,
    ) -> S3Result<S3Response<CompleteMultipartUploadOutput>> {
        self.finish_upload(req).await
    }

    async fn abort_multipart_upload(
        &self,
        mut req: S3Request<AbortMultipartUploadInput>,
    ) -> S3Result<S3Response<AbortMultipartUploadOutput>> {
        let upload_id = req.input.upload_id.clone();
        req.input.key = self.uploads.version(&upload_id, &req.input.key)?;
        let response = self.files.abort_multipart_upload(req).await?;
        self.uploads.end(&upload_id);
        Ok(response)
    }
}

fn object((key, content): (String, Content)) -> Object {
    Object {
        key: Some(key),
        size: i64::try_from(content.size).ok(),
        e_tag: Some(ETag::Strong(content.etag.trim_matches('"').to_owned())),
        ..Default::default()
    }
}
