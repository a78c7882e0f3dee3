//! Bytes in memory, and mails that are taken.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use parlor::ids::StoredName;
use parlor::ports::{
    ByteStream, DownloadTerms, Mail, Mailer, MailerError, MediaError, MediaHead, MediaStore, SignedRequest,
    StoredMedia, UploadTerms,
};

use crate::kernel::{Gate, World};

/// Bytes by name.
#[derive(Debug)]
pub(super) struct MemoryMedia {
    world: Arc<World>,
    kept: Mutex<BTreeMap<String, (String, Bytes)>>,
}

impl MemoryMedia {
    pub(super) fn new(world: Arc<World>) -> Self {
        Self { world, kept: Mutex::default() }
    }

    fn kept(&self) -> MutexGuard<'_, BTreeMap<String, (String, Bytes)>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn pass(&self, what: &str, name: &StoredName) -> Result<(), MediaError> {
        Gate::call(&self.world, format!("{what} {name}")).await;
        if self.world.draw(|chance, faults| chance.one_in(faults.unavailable)) {
            self.world.fault("the media store is away");
            return Err(MediaError::Unavailable("the simulation asked for it".into()));
        }
        Ok(())
    }

    fn signed(method: &'static str, name: &StoredName) -> SignedRequest {
        SignedRequest { method, url: format!("https://store.example.org/{name}"), headers: Vec::new() }
    }
}

#[async_trait]
impl MediaStore for MemoryMedia {
    async fn put(
        &self,
        name: &StoredName,
        content_type: &str,
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
        self.pass("store", name).await?;
        let stored = StoredMedia { size: bytes.len() as u64, sha256: "0".repeat(64) };
        self.kept().insert(name.to_string(), (content_type.to_owned(), bytes.into()));
        Ok(stored)
    }

    async fn get(
        &self,
        name: &StoredName,
        range: Option<RangeInclusive<u64>>,
    ) -> Result<ByteStream, MediaError> {
        self.pass("fetch", name).await?;
        let (_, bytes) = self.kept().get(name.as_str()).cloned().ok_or(MediaError::NotFound)?;
        let place = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(bytes.len());
        let part = range.map_or(bytes.clone(), |range| {
            bytes.slice(place(*range.start())..place(range.end().saturating_add(1)))
        });
        Ok(Box::pin(stream::iter([Ok(part)])))
    }

    async fn head(&self, name: &StoredName) -> Result<MediaHead, MediaError> {
        self.pass("look at", name).await?;
        let (content_type, bytes) = self.kept().get(name.as_str()).cloned().ok_or(MediaError::NotFound)?;
        Ok(MediaHead { size: bytes.len() as u64, content_type: Some(content_type), sha256: None })
    }

    async fn delete(&self, name: &StoredName) -> Result<(), MediaError> {
        self.pass("delete", name).await?;
        self.kept().remove(name.as_str());
        Ok(())
    }

    async fn sign_upload(&self, name: &StoredName, _: &UploadTerms) -> Result<SignedRequest, MediaError> {
        Ok(Self::signed("PUT", name))
    }

    async fn sign_download(&self, name: &StoredName, _: &DownloadTerms) -> Result<SignedRequest, MediaError> {
        Ok(Self::signed("GET", name))
    }
}

/// Takes mails, and forgets them.
#[derive(Debug)]
pub(super) struct Post(pub(super) Arc<World>);

#[async_trait]
impl Mailer for Post {
    async fn send(&self, mail: &Mail) -> Result<(), MailerError> {
        Gate::call(&self.0, format!("mail: {}", mail.subject)).await;
        Ok(())
    }
}
