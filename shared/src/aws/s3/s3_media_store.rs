//! The `MediaStore` port on S3.

#[cfg(test)]
mod tests;

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use async_trait::async_trait;
use aws_sdk_s3::Client;
use aws_sdk_s3::presigning::{PresignedRequest, PresigningConfig};
use aws_sdk_s3::types::ChecksumMode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::{StreamExt, stream};

use crate::aws::s3_error::{media_error, unavailable};
use crate::aws::s3_upload::Upload;
use crate::ids::StoredName;
use crate::ports::{
    ByteStream, Clock, DownloadTerms, MediaError, MediaHead, MediaStore, SignedRequest, StoredMedia,
    UploadTerms,
};
use crate::protocol::Timestamp;

/// Bytes as objects below `media/` in a bucket.
///
/// The bucket must let us list it, or else S3 says 403 instead of 404 of what isn't there; and it should give up
/// unfinished multipart uploads after a day.
#[derive(Debug, Clone)]
pub struct S3MediaStore {
    client: Client,
    bucket: String,
    clock: Arc<dyn Clock>,
}

impl S3MediaStore {
    /// The store in that bucket. Requests are signed from the clock's time on.
    pub fn new(client: Client, bucket: impl Into<String>, clock: Arc<dyn Clock>) -> Self {
        Self { client, bucket: bucket.into(), clock }
    }

    fn presigning(&self, expires_in: Duration) -> Result<PresigningConfig, MediaError> {
        let now = UNIX_EPOCH + self.clock.now().since(Timestamp::from_secs(0));
        PresigningConfig::builder().start_time(now).expires_in(expires_in).build().map_err(unavailable)
    }
}

fn key(name: &StoredName) -> String {
    format!("media/{name}")
}

fn signed(method: &'static str, request: &PresignedRequest) -> SignedRequest {
    let headers = request.headers().map(|(name, value)| (name.to_owned(), value.to_owned()));
    SignedRequest { method, url: request.uri().to_owned(), headers: headers.collect() }
}

/// S3 wants in base64 what the rest of the world writes in hex.
fn base64_of_hex(hex: &str) -> Result<String, MediaError> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pair = |pair: &[u8]| match pair {
        [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
        _ => None,
    };
    let bytes: Option<Vec<u8>> = hex.as_bytes().chunks(2).map(pair).collect();
    bytes.map(|bytes| STANDARD.encode(bytes)).ok_or_else(|| unavailable("a checksum that is not hex"))
}

/// And the other way round. The checksum of an object in parts is one of checksums, and none of its bytes.
fn hex_of_base64(text: &str) -> Option<String> {
    let bytes = STANDARD.decode(text).ok()?;
    Some(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn stream_of(body: aws_sdk_s3::primitives::ByteStream) -> ByteStream {
    let next = |mut body: aws_sdk_s3::primitives::ByteStream| async move {
        let chunk = body.next().await?;
        Some((chunk.map_err(std::io::Error::from), body))
    };
    stream::unfold(body, next).boxed()
}

#[async_trait]
impl MediaStore for S3MediaStore {
    async fn put(
        &self,
        name: &StoredName,
        content_type: &str,
        body: ByteStream,
        limit: u64,
    ) -> Result<StoredMedia, MediaError> {
        let upload = Upload { client: &self.client, bucket: &self.bucket, key: key(name), content_type };
        upload.put(body, limit).await
    }

    async fn get(
        &self,
        name: &StoredName,
        range: Option<RangeInclusive<u64>>,
    ) -> Result<ByteStream, MediaError> {
        let range = range.map(|range| format!("bytes={}-{}", range.start(), range.end()));
        let request = self.client.get_object().bucket(&self.bucket).key(key(name)).set_range(range);
        let object = request.send().await.map_err(media_error)?;
        Ok(stream_of(object.body))
    }

    async fn head(&self, name: &StoredName) -> Result<MediaHead, MediaError> {
        let request = self.client.head_object().bucket(&self.bucket).key(key(name));
        let head = request.checksum_mode(ChecksumMode::Enabled).send().await.map_err(media_error)?;
        let size = head.content_length().and_then(|length| u64::try_from(length).ok());
        Ok(MediaHead {
            size: size.ok_or_else(|| unavailable("S3 did not say how long an object is"))?,
            sha256: head.checksum_sha256().and_then(hex_of_base64),
            content_type: head.content_type,
        })
    }

    async fn delete(&self, name: &StoredName) -> Result<(), MediaError> {
        let request = self.client.delete_object().bucket(&self.bucket).key(key(name));
        match request.send().await.map_err(media_error) {
            Ok(_) | Err(MediaError::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn sign_upload(&self, name: &StoredName, terms: &UploadTerms) -> Result<SignedRequest, MediaError> {
        let length = i64::try_from(terms.size).map_err(unavailable)?;
        let checksum = terms.sha256.as_deref().map(base64_of_hex).transpose()?;
        let request = self.client.put_object().bucket(&self.bucket).key(key(name));
        let request = request
            .content_length(length)
            .content_type(&terms.content_type)
            .set_checksum_sha256(checksum)
            // Once there is an object, this request is worth nothing any more.
            .if_none_match("*")
            .presigned(self.presigning(terms.expires_in)?)
            .await
            .map_err(media_error)?;
        Ok(signed("PUT", &request))
    }

    async fn sign_download(
        &self,
        name: &StoredName,
        terms: &DownloadTerms,
    ) -> Result<SignedRequest, MediaError> {
        let request = self.client.get_object().bucket(&self.bucket).key(key(name));
        let request = request
            .response_content_type(&terms.content_type)
            .response_content_disposition(&terms.disposition)
            .presigned(self.presigning(terms.expires_in)?)
            .await
            .map_err(media_error)?;
        Ok(signed("GET", &request))
    }
}
