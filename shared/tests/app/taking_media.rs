//! A media store that only takes files, and fails a test that asks it for one.

use std::ops::RangeInclusive;
use std::sync::Mutex;

use async_trait::async_trait;
use futures_util::StreamExt as _;
use parlor::ids::StoredName;
use parlor::ports::{
    ByteStream, DownloadTerms, MediaError, MediaStore, SignedRequest, StoredMedia, UploadTerms,
};

/// Keeps what it takes, and gives nothing out.
#[derive(Debug, Default)]
pub(crate) struct TakingMedia(Mutex<Vec<(StoredName, Vec<u8>)>>);

impl TakingMedia {
    pub(crate) fn files(&self) -> Vec<Vec<u8>> {
        self.0.lock().unwrap().iter().map(|(_, bytes)| bytes.clone()).collect()
    }
}

#[async_trait]
impl MediaStore for TakingMedia {
    async fn put(
        &self,
        name: &StoredName,
        _: &str,
        mut body: ByteStream,
        limit: u64,
    ) -> Result<StoredMedia, MediaError> {
        let mut bytes = Vec::new();
        while let Some(piece) = body.next().await {
            bytes.extend(piece.map_err(MediaError::Body)?);
            if bytes.len() as u64 > limit {
                return Err(MediaError::TooLarge { limit });
            }
        }
        let stored = StoredMedia { size: bytes.len() as u64, sha256: "0".repeat(64) };
        self.0.lock().unwrap().push((name.clone(), bytes));
        Ok(stored)
    }

    async fn get(&self, _: &StoredName, _: Option<RangeInclusive<u64>>) -> Result<ByteStream, MediaError> {
        panic!("a medium was opened")
    }

    async fn size(&self, _: &StoredName) -> Result<u64, MediaError> {
        Err(MediaError::NotFound)
    }

    async fn delete(&self, name: &StoredName) -> Result<(), MediaError> {
        self.0.lock().unwrap().retain(|(kept, _)| kept != name);
        Ok(())
    }

    async fn sign_upload(&self, _: &StoredName, _: &UploadTerms) -> Result<SignedRequest, MediaError> {
        Err(MediaError::NotFound)
    }

    async fn sign_download(&self, _: &StoredName, _: &DownloadTerms) -> Result<SignedRequest, MediaError> {
        panic!("a download was signed")
    }
}
