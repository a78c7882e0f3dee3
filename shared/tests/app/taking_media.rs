//! A media store that only takes files, and fails a test that asks it for a whole one.

use std::ops::RangeInclusive;
use std::sync::Mutex;

use async_trait::async_trait;
use futures_util::StreamExt as _;
use parlor::ids::StoredName;
use parlor::ports::{
    ByteStream, DownloadTerms, MediaError, MediaHead, MediaStore, SignedRequest, StoredMedia, UploadTerms,
};

/// Keeps what it takes, and gives nothing out but beginnings.
#[derive(Debug, Default)]
pub(crate) struct TakingMedia {
    files: Mutex<Vec<(StoredName, Vec<u8>)>>,
    /// The uploads for which it signed.
    pub(crate) signed: Mutex<Vec<(StoredName, UploadTerms)>>,
    /// The type and the checksum that it says everything has.
    pub(crate) known: Mutex<(Option<String>, Option<String>)>,
}

impl TakingMedia {
    pub(crate) fn files(&self) -> Vec<Vec<u8>> {
        self.files.lock().unwrap().iter().map(|(_, bytes)| bytes.clone()).collect()
    }

    /// What whoever bears a signed request does.
    pub(crate) fn take(&self, name: &StoredName, bytes: &[u8]) {
        self.files.lock().unwrap().push((name.clone(), bytes.to_vec()));
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
        self.files.lock().unwrap().push((name.clone(), bytes));
        Ok(stored)
    }

    async fn get(
        &self,
        name: &StoredName,
        range: Option<RangeInclusive<u64>>,
    ) -> Result<ByteStream, MediaError> {
        let Some(range) = range else { panic!("a medium was opened") };
        let files = self.files.lock().unwrap();
        let (_, bytes) = files.iter().find(|(kept, _)| kept == name).ok_or(MediaError::NotFound)?;
        let part =
            bytes[usize::try_from(*range.start()).unwrap()..=usize::try_from(*range.end()).unwrap()].to_vec();
        Ok(Box::pin(futures_util::stream::iter([Ok(part.into())])))
    }

    async fn head(&self, name: &StoredName) -> Result<MediaHead, MediaError> {
        let files = self.files.lock().unwrap();
        let (_, bytes) = files.iter().find(|(kept, _)| kept == name).ok_or(MediaError::NotFound)?;
        let (content_type, sha256) = self.known.lock().unwrap().clone();
        Ok(MediaHead { size: bytes.len() as u64, content_type, sha256 })
    }

    async fn delete(&self, name: &StoredName) -> Result<(), MediaError> {
        self.files.lock().unwrap().retain(|(kept, _)| kept != name);
        Ok(())
    }

    async fn sign_upload(&self, name: &StoredName, terms: &UploadTerms) -> Result<SignedRequest, MediaError> {
        self.signed.lock().unwrap().push((name.clone(), terms.clone()));
        let headers = vec![("content-type".to_owned(), terms.content_type.clone())];
        Ok(SignedRequest { method: "PUT", url: format!("https://store.test/{name}"), headers })
    }

    async fn sign_download(&self, _: &StoredName, _: &DownloadTerms) -> Result<SignedRequest, MediaError> {
        panic!("a download was signed")
    }
}
