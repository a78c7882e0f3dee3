//! The `DropBox` port on S3.

use std::error::Error as StdError;

use async_trait::async_trait;
use aws_sdk_s3::Client;
use aws_sdk_s3::error::SdkError;
use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::s3_error::status;
use crate::ports::{DropBox, DropBoxError, DropRef};

/// What of a copy's source must not be encoded: what divides it, and what signatures leave alone.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// Dropped texts as objects below `messages/`, in a bucket that keeps versions; rejected ones go to
/// `rejected/<version>/`, where two of the same path don't hide each other.
#[derive(Debug, Clone)]
pub struct S3DropBox {
    client: Client,
    bucket: String,
}

impl S3DropBox {
    /// The drop box in that bucket.
    pub fn new(client: Client, bucket: impl Into<String>) -> Self {
        Self {
            client,
            bucket: bucket.into(),
        }
    }
}

fn key(drop: &DropRef) -> String {
    format!("messages/{}", drop.path)
}

/// Whether an answer means that the version is gone: it doesn't exist, or is the mark of a deletion (405).
fn is_gone<E>(error: &SdkError<E>) -> bool {
    matches!(status(error), Some(404 | 405))
}

fn unavailable(error: impl StdError + Send + Sync + 'static) -> DropBoxError {
    DropBoxError(Box::new(error))
}

#[async_trait]
impl DropBox for S3DropBox {
    async fn read(&self, drop: &DropRef, limit: usize) -> Result<Option<Bytes>, DropBoxError> {
        let request = self
            .client
            .get_object()
            .bucket(&self.bucket)
            .key(key(drop))
            .version_id(&drop.version);
        let range = format!("bytes=0-{}", limit.saturating_sub(1));
        match request.range(range).send().await {
            Ok(object) => {
                let bytes = object.body.collect().await.map_err(unavailable)?.into_bytes();
                Ok(Some(bytes.slice(..limit.min(bytes.len()))))
            }
            Err(error) if is_gone(&error) => Ok(None),
            // No part of an empty object lies in any range.
            Err(error) if status(&error) == Some(416) => Ok(Some(Bytes::new())),
            Err(error) => Err(unavailable(error)),
        }
    }

    async fn remove(&self, drop: &DropRef) -> Result<(), DropBoxError> {
        let request = self
            .client
            .delete_object()
            .bucket(&self.bucket)
            .key(key(drop))
            .version_id(&drop.version);
        match request.send().await {
            Err(error) if !is_gone(&error) => Err(unavailable(error)),
            _ => Ok(()),
        }
    }

    async fn reject(&self, drop: &DropRef) -> Result<(), DropBoxError> {
        let key = key(drop);
        let path = utf8_percent_encode(&key, PATH);
        let version = utf8_percent_encode(&drop.version, NON_ALPHANUMERIC);
        let source = format!("{}/{path}?versionId={version}", self.bucket);
        let target = format!("rejected/{}/{}", drop.version, drop.path);
        let request = self
            .client
            .copy_object()
            .bucket(&self.bucket)
            .key(target)
            .copy_source(source);
        match request.send().await {
            Err(error) if !is_gone(&error) => Err(unavailable(error)),
            _ => self.remove(drop).await,
        }
    }
}
