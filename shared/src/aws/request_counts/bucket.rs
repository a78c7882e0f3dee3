//! A bucket that counts what is asked of it. Signing asks nothing.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};

use super::ports::Tally;
use crate::ids::StoredName;
use crate::ports::{
    ByteStream, DownloadTerms, DropBox, DropBoxError, DropRef, MediaError, MediaHead, MediaStore,
    SignedRequest, StoredMedia, UploadTerms,
};

/// Texts that all say hello, and small media: each is put and got in one request.
#[derive(Debug)]
pub(super) struct CountingBucket {
    media: Mutex<HashMap<StoredName, Bytes>>,
    tally: Arc<Tally>,
}

impl CountingBucket {
    pub(super) fn new(tally: Arc<Tally>) -> Self {
        Self { media: Mutex::default(), tally }
    }

    /// What somebody did who had leave to.
    pub(super) fn put_directly(&self, name: StoredName, bytes: &'static [u8]) {
        self.media.lock().unwrap().insert(name, Bytes::from_static(bytes));
    }

    async fn request(&self) {
        self.tally.request(|counts| counts.bucket_requests += 1).await;
    }

    fn bytes(&self, name: &StoredName) -> Result<Bytes, MediaError> {
        self.media.lock().unwrap().get(name).cloned().ok_or(MediaError::NotFound)
    }
}

#[async_trait]
impl DropBox for CountingBucket {
    async fn read(&self, _: &DropRef, _: usize) -> Result<Option<Bytes>, DropBoxError> {
        self.request().await;
        Ok(Some(Bytes::from_static(b"hello")))
    }

    async fn remove(&self, _: &DropRef) -> Result<(), DropBoxError> {
        self.request().await;
        Ok(())
    }

    async fn reject(&self, _: &DropRef) -> Result<(), DropBoxError> {
        panic!("nothing here is rejected");
    }
}

#[async_trait]
impl MediaStore for CountingBucket {
    async fn put(
        &self,
        name: &StoredName,
        _: &str,
        body: ByteStream,
        _: u64,
    ) -> Result<StoredMedia, MediaError> {
        let bytes = body.try_collect::<Vec<_>>().await.map_err(MediaError::Body)?.concat();
        self.request().await;
        let size = u64::try_from(bytes.len()).unwrap();
        self.media.lock().unwrap().insert(name.clone(), bytes.into());
        Ok(StoredMedia { size, sha256: "00".repeat(32) })
    }

    async fn get(&self, name: &StoredName, _: Option<RangeInclusive<u64>>) -> Result<ByteStream, MediaError> {
        self.request().await;
        let bytes = self.bytes(name)?;
        Ok(stream::iter([Ok(bytes)]).boxed())
    }

    async fn head(&self, name: &StoredName) -> Result<MediaHead, MediaError> {
        self.request().await;
        let size = u64::try_from(self.bytes(name)?.len()).unwrap();
        Ok(MediaHead { size, content_type: None, sha256: None })
    }

    async fn delete(&self, _: &StoredName) -> Result<(), MediaError> {
        panic!("nothing here is taken away");
    }

    async fn sign_upload(&self, _: &StoredName, _: &UploadTerms) -> Result<SignedRequest, MediaError> {
        Ok(SignedRequest { method: "PUT", url: "https://bucket.test/".into(), headers: Vec::new() })
    }

    async fn sign_download(&self, _: &StoredName, _: &DownloadTerms) -> Result<SignedRequest, MediaError> {
        Ok(SignedRequest { method: "GET", url: "https://bucket.test/".into(), headers: Vec::new() })
    }
}
