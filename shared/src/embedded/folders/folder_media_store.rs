//! Bytes, as files of one folder.

mod incoming_file;
mod signer;

use std::collections::HashMap;
use std::io::{ErrorKind, SeekFrom};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use futures_util::StreamExt;
use tokio::fs::{self, File};
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;

use self::incoming_file::IncomingFile;
pub use self::signer::SignatureError;
use self::signer::Signer;
use crate::embedded::{Durability, owner_only};
use crate::ids::StoredName;
use crate::ports::{
    ByteStream, Clock, DownloadTerms, MediaError, MediaHead, MediaStore, Random, SignedRequest, StoredMedia,
    UploadTerms,
};
use crate::protocol::Timestamp;

/// Where bytes lie until they are complete. No [`StoredName`] is spelled like this.
const INCOMING: &str = ".incoming";
/// How much of a file is in memory while it is sent.
const PIECE_BYTES: usize = 64 * 1024;

/// The [`MediaStore`] port on a folder: a file for each name.
///
/// It signs requests to `<public URL>/signed/<name>`; the server there asks [`put_signed`](Self::put_signed) and
/// [`verify_download`](Self::verify_download).
#[derive(Debug)]
pub struct FolderMediaStore {
    folder: PathBuf,
    durability: Durability,
    signer: Signer,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    /// The names that a signed upload has taken, until its signature expires.
    taken: Mutex<HashMap<StoredName, Timestamp>>,
}

/// Why a signed upload was refused.
#[derive(Debug, thiserror::Error)]
pub enum SignedUploadError {
    /// Nobody may make this request.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// It was made before.
    #[error("this upload was made already")]
    Used,
    /// Its type, its length or its checksum is another than was signed; nothing was stored.
    #[error("the body is not the one that was announced")]
    Mismatch,
    /// The bytes could not be stored.
    #[error(transparent)]
    Media(#[from] MediaError),
}

impl FolderMediaStore {
    /// The store in this folder, which is made if it isn't there. Whatever an earlier process left incomplete goes.
    ///
    /// Requests are signed with `key` for the server that clients reach under `public_url`.
    pub fn open(
        folder: &Path,
        public_url: &str,
        key: &[u8; 32],
        durability: Durability,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> std::io::Result<Self> {
        let incoming = folder.join(INCOMING);
        owner_only::make_folder(&incoming)?;
        owner_only::close_tree(folder);
        for leftover in std::fs::read_dir(&incoming)? {
            std::fs::remove_file(leftover?.path())?;
        }
        Ok(Self {
            folder: folder.to_owned(),
            durability,
            signer: Signer::new(public_url, key)?,
            clock,
            random,
            taken: Mutex::default(),
        })
    }

    /// Stores the body of a signed upload. What fails may be tried again, what succeeded may not.
    pub async fn put_signed(
        &self,
        name: &StoredName,
        query: &str,
        content_type: &str,
        body: ByteStream,
    ) -> Result<StoredMedia, SignedUploadError> {
        let terms = self.verify_upload(name, query)?;
        if terms.content_type != content_type {
            return Err(SignedUploadError::Mismatch);
        }
        let taken = self.take(name, self.clock.now().plus(terms.expires_in))?;
        if fs::try_exists(self.path(name)).await.map_err(unavailable)? {
            return Err(SignedUploadError::Used);
        }
        let incoming = self.receive(body, terms.size).await?;
        let is_other = |sha256| incoming.sha256() != sha256;
        if incoming.size() != terms.size || terms.sha256.is_some_and(is_other) {
            return Err(SignedUploadError::Mismatch);
        }
        let stored = self.keep(incoming, name).await?;
        taken.for_good();
        Ok(stored)
    }

    /// What a signed upload must look like: for a server that answers before it takes a body.
    pub fn verify_upload(&self, name: &StoredName, query: &str) -> Result<UploadTerms, SignatureError> {
        self.signer.verify_upload(name, query, self.clock.now())
    }

    /// How the bytes that a signed download asks for present themselves.
    pub fn verify_download(&self, name: &StoredName, query: &str) -> Result<DownloadTerms, SignatureError> {
        self.signer.verify_download(name, query, self.clock.now())
    }

    /// The names of all that is stored.
    pub fn names(&self) -> std::io::Result<Vec<StoredName>> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(&self.folder)? {
            // What is no name of ours was put there by somebody else.
            names.extend(entry?.file_name().to_str().and_then(|name| name.parse::<StoredName>().ok()));
        }
        Ok(names)
    }

    fn path(&self, name: &StoredName) -> PathBuf {
        self.folder.join(name.as_str())
    }

    async fn receive(&self, mut body: ByteStream, limit: u64) -> Result<IncomingFile, MediaError> {
        let mut chance = [0; 16];
        self.random.fill(&mut chance);
        let name = format!("{:032x}", u128::from_be_bytes(chance));
        let path = self.folder.join(INCOMING).join(name);
        let mut incoming = IncomingFile::create(path).await.map_err(unavailable)?;
        while let Some(chunk) = body.next().await {
            let chunk = chunk.map_err(MediaError::Body)?;
            if incoming.size() + chunk.len() as u64 > limit {
                return Err(MediaError::TooLarge { limit });
            }
            incoming.write(&chunk).await.map_err(unavailable)?;
        }
        Ok(incoming)
    }

    async fn keep(&self, incoming: IncomingFile, name: &StoredName) -> Result<StoredMedia, MediaError> {
        let kept = incoming.keep(&self.folder, name.as_str(), self.durability).await;
        kept.map_err(unavailable)
    }

    fn take<'a>(&'a self, name: &'a StoredName, until: Timestamp) -> Result<Taken<'a>, SignedUploadError> {
        let now = self.clock.now();
        let mut taken = self.taken();
        taken.retain(|_, until| *until > now);
        if taken.contains_key(name) {
            return Err(SignedUploadError::Used);
        }
        taken.insert(name.clone(), until);
        Ok(Taken { store: self, name, given_back: true })
    }

    fn taken(&self) -> MutexGuard<'_, HashMap<StoredName, Timestamp>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A name that one upload has taken; given back unless it comes to its end.
struct Taken<'a> {
    store: &'a FolderMediaStore,
    name: &'a StoredName,
    given_back: bool,
}

impl Taken<'_> {
    fn for_good(mut self) {
        self.given_back = false;
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        if self.given_back {
            self.store.taken().remove(self.name);
        }
    }
}

#[async_trait]
impl MediaStore for FolderMediaStore {
    /// The type is not kept: whoever asks for the bytes knows it.
    async fn put(
        &self,
        name: &StoredName,
        _content_type: &str,
        body: ByteStream,
        limit: u64,
    ) -> Result<StoredMedia, MediaError> {
        let incoming = self.receive(body, limit).await?;
        self.keep(incoming, name).await
    }

    async fn get(
        &self,
        name: &StoredName,
        range: Option<RangeInclusive<u64>>,
    ) -> Result<ByteStream, MediaError> {
        let mut file = File::open(self.path(name)).await.map_err(not_found)?;
        let (first, length) = range.map_or((0, u64::MAX), |range| {
            (*range.start(), range.end().saturating_sub(*range.start()).saturating_add(1))
        });
        file.seek(SeekFrom::Start(first)).await.map_err(unavailable)?;
        Ok(ReaderStream::with_capacity(file.take(length), PIECE_BYTES).boxed())
    }

    /// The size alone: everything else was compared in [`put_signed`](Self::put_signed), before the bytes were kept.
    async fn head(&self, name: &StoredName) -> Result<MediaHead, MediaError> {
        let metadata = fs::metadata(self.path(name)).await.map_err(not_found)?;
        Ok(MediaHead { size: metadata.len(), content_type: None, sha256: None })
    }

    async fn delete(&self, name: &StoredName) -> Result<(), MediaError> {
        match fs::remove_file(self.path(name)).await {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(unavailable(error)),
            _ => Ok(()),
        }
    }

    async fn sign_upload(&self, name: &StoredName, terms: &UploadTerms) -> Result<SignedRequest, MediaError> {
        let signed = self.signer.sign_upload(name, terms, self.clock.now());
        signed.map_err(|error| MediaError::Unavailable(error.into()))
    }

    async fn sign_download(
        &self,
        name: &StoredName,
        terms: &DownloadTerms,
    ) -> Result<SignedRequest, MediaError> {
        let signed = self.signer.sign_download(name, terms, self.clock.now());
        signed.map_err(|error| MediaError::Unavailable(error.into()))
    }
}

fn unavailable(error: std::io::Error) -> MediaError {
    MediaError::Unavailable(error.into())
}

fn not_found(error: std::io::Error) -> MediaError {
    match error.kind() {
        ErrorKind::NotFound => MediaError::NotFound,
        _ => unavailable(error),
    }
}
