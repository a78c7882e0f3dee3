//! Bodies of any length on their way into S3, a part at a time.

use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::ByteStream as Body;
use aws_sdk_s3::types::{ChecksumAlgorithm, CompletedMultipartUpload, CompletedPart};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use sha2::{Digest, Sha256};

use crate::aws::s3_error::{media_error, unavailable};
use crate::ports::{ByteStream, MediaError, StoredMedia};

/// How much of a body is in memory at a time. S3 takes 10,000 parts: this makes 80 GB.
pub(in crate::aws) const PART_BYTES: usize = 8 * 1024 * 1024;

/// A body that is counted, bounded and hashed while it is read.
struct Source {
    body: ByteStream,
    /// What was read beyond the last part.
    rest: Bytes,
    limit: u64,
    size: u64,
    hash: Sha256,
}

impl Source {
    fn new(body: ByteStream, limit: u64) -> Self {
        Self { body, rest: Bytes::new(), limit, size: 0, hash: Sha256::new() }
    }

    /// The next part: full, or the last one, which may be empty.
    async fn part(&mut self) -> Result<Bytes, MediaError> {
        let mut part = BytesMut::new();
        while part.len() < PART_BYTES {
            if self.rest.is_empty() && !self.read().await? {
                break;
            }
            let fits = self.rest.len().min(PART_BYTES - part.len());
            part.extend_from_slice(&self.rest.split_to(fits));
        }
        Ok(part.freeze())
    }

    /// Reads on; tells whether there was more.
    async fn read(&mut self) -> Result<bool, MediaError> {
        let Some(chunk) = self.body.next().await else {
            return Ok(false);
        };
        self.rest = chunk.map_err(MediaError::Body)?;
        self.size += self.rest.len() as u64;
        if self.size > self.limit {
            return Err(MediaError::TooLarge { limit: self.limit });
        }
        self.hash.update(&self.rest);
        Ok(true)
    }

    /// The SHA-256 of what was read so far, as S3 wants it.
    fn checksum(&self) -> String {
        STANDARD.encode(self.hash.clone().finalize())
    }

    fn stored(self) -> StoredMedia {
        StoredMedia { size: self.size, sha256: hex(&self.hash.finalize()) }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// One object in the making.
pub(in crate::aws) struct Upload<'a> {
    pub(in crate::aws) client: &'a Client,
    pub(in crate::aws) bucket: &'a str,
    pub(in crate::aws) key: String,
    pub(in crate::aws) content_type: &'a str,
}

impl Upload<'_> {
    /// Stores a body: in one request if it fits a part, in several otherwise.
    pub(in crate::aws) async fn put(&self, body: ByteStream, limit: u64) -> Result<StoredMedia, MediaError> {
        let mut source = Source::new(body, limit);
        let first = source.part().await?;
        if first.len() < PART_BYTES {
            self.put_whole(first, source.checksum()).await?;
        } else {
            self.put_parts(first, &mut source).await?;
        }
        Ok(source.stored())
    }

    async fn put_whole(&self, body: Bytes, checksum: String) -> Result<(), MediaError> {
        let request =
            self.client.put_object().bucket(self.bucket).key(&self.key).content_type(self.content_type);
        let answer = request.checksum_sha256(checksum).body(Body::from(body)).send().await;
        answer.map(drop).map_err(media_error)
    }

    async fn put_parts(&self, first: Bytes, source: &mut Source) -> Result<(), MediaError> {
        let request = self.client.create_multipart_upload().bucket(self.bucket).key(&self.key);
        let request = request.checksum_algorithm(ChecksumAlgorithm::Crc32);
        let upload = request.content_type(self.content_type).send().await.map_err(media_error)?;
        let id = upload.upload_id.ok_or_else(|| unavailable("S3 gave an upload no name"))?;
        let outcome = match self.send_parts(&id, first, source).await {
            Ok(parts) => self.complete(&id, parts).await,
            Err(error) => Err(error),
        };
        if outcome.is_err() {
            self.abort(&id).await;
        }
        outcome
    }

    async fn send_parts(
        &self,
        id: &str,
        first: Bytes,
        source: &mut Source,
    ) -> Result<Vec<CompletedPart>, MediaError> {
        let mut parts = Vec::new();
        let mut part = first;
        while !part.is_empty() {
            let number = parts.len() as i32 + 1;
            parts.push(self.send_part(id, number, part).await?);
            part = source.part().await?;
        }
        Ok(parts)
    }

    async fn send_part(&self, id: &str, number: i32, part: Bytes) -> Result<CompletedPart, MediaError> {
        let request = self.client.upload_part().bucket(self.bucket).key(&self.key).upload_id(id);
        let request = request.checksum_algorithm(ChecksumAlgorithm::Crc32);
        let answer = request.part_number(number).body(Body::from(part)).send().await.map_err(media_error)?;
        let part = CompletedPart::builder().part_number(number).set_e_tag(answer.e_tag);
        // S3 compares what it was told of each part with what it is told at the end.
        Ok(part.set_checksum_crc32(answer.checksum_crc32).build())
    }

    async fn complete(&self, id: &str, parts: Vec<CompletedPart>) -> Result<(), MediaError> {
        let parts = CompletedMultipartUpload::builder().set_parts(Some(parts)).build();
        let request =
            self.client.complete_multipart_upload().bucket(self.bucket).key(&self.key).upload_id(id);
        request.multipart_upload(parts).send().await.map(drop).map_err(media_error)
    }

    /// What stays behind even so is taken away by the bucket's lifecycle.
    async fn abort(&self, id: &str) {
        let request = self.client.abort_multipart_upload().bucket(self.bucket).key(&self.key).upload_id(id);
        if let Err(error) = request.send().await {
            let error = aws_sdk_s3::error::DisplayErrorContext(error);
            tracing::warn!(%error, "an upload that failed could not be taken back");
        }
    }
}
