//! What stands behind a port of which a function makes no use.

use std::ops::RangeInclusive;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;

use super::management_api::{Post, Posted};
use crate::domain::provider::Provider;
use crate::ids::{ConnectionId, StoredName};
use crate::ports::{
    ByteStream, Cause, Consistency, DownloadTerms, DropBox, DropBoxError, DropRef, IdentityError,
    IdentityProviders, Item, Job, Jobs, JobsError, Key, Mail, Mailer, MailerError, MediaError, MediaHead,
    MediaStore, Page, ProvenIdentity, ProviderVisit, Query, SignedRequest, StoredMedia, Table, TableError,
    UploadTerms, Write,
};
use crate::protocol::Frame;

/// A service that this function was not given: every call fails, and says which one is missing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Absent;

fn no(service: &str) -> Cause {
    format!("this function was given no {service}").into()
}

fn no_table() -> TableError {
    TableError::Unavailable(no("table"))
}

fn no_media() -> MediaError {
    MediaError::Unavailable(no("media store"))
}

fn no_drops() -> DropBoxError {
    DropBoxError(no("drop box"))
}

fn no_providers() -> IdentityError {
    IdentityError::Unavailable(no("identity providers"))
}

#[async_trait]
impl Table for Absent {
    async fn get(&self, _: &Key, _: Consistency) -> Result<Option<Item>, TableError> {
        Err(no_table())
    }

    async fn batch_get(&self, _: &[Key], _: Consistency) -> Result<Vec<Item>, TableError> {
        Err(no_table())
    }

    async fn query(&self, _: &Query) -> Result<Page, TableError> {
        Err(no_table())
    }

    async fn write(&self, _: Write) -> Result<Option<Item>, TableError> {
        Err(no_table())
    }

    async fn transact(&self, _: Vec<Write>) -> Result<(), TableError> {
        Err(no_table())
    }
}

#[async_trait]
impl Jobs for Absent {
    async fn enqueue(&self, _: Vec<(Job, Duration)>) -> Result<(), JobsError> {
        Err(JobsError(no("queue")))
    }
}

#[async_trait]
impl Mailer for Absent {
    async fn send(&self, _: &Mail) -> Result<(), MailerError> {
        Err(MailerError::Unavailable(no("mailer")))
    }
}

#[async_trait]
impl Post for Absent {
    async fn post(&self, _: &ConnectionId, _: &Frame) -> Posted {
        Posted::Failed(no("sockets"))
    }

    async fn delete(&self, _: &ConnectionId) -> Posted {
        Posted::Failed(no("sockets"))
    }
}

#[async_trait]
impl MediaStore for Absent {
    async fn put(&self, _: &StoredName, _: &str, _: ByteStream, _: u64) -> Result<StoredMedia, MediaError> {
        Err(no_media())
    }

    async fn get(&self, _: &StoredName, _: Option<RangeInclusive<u64>>) -> Result<ByteStream, MediaError> {
        Err(no_media())
    }

    async fn head(&self, _: &StoredName) -> Result<MediaHead, MediaError> {
        Err(no_media())
    }

    async fn delete(&self, _: &StoredName) -> Result<(), MediaError> {
        Err(no_media())
    }

    async fn sign_upload(&self, _: &StoredName, _: &UploadTerms) -> Result<SignedRequest, MediaError> {
        Err(no_media())
    }

    async fn sign_download(&self, _: &StoredName, _: &DownloadTerms) -> Result<SignedRequest, MediaError> {
        Err(no_media())
    }
}

#[async_trait]
impl DropBox for Absent {
    async fn read(&self, _: &DropRef, _: usize) -> Result<Option<Bytes>, DropBoxError> {
        Err(no_drops())
    }

    async fn remove(&self, _: &DropRef) -> Result<(), DropBoxError> {
        Err(no_drops())
    }

    async fn reject(&self, _: &DropRef) -> Result<(), DropBoxError> {
        Err(no_drops())
    }
}

#[async_trait]
impl IdentityProviders for Absent {
    async fn verify_id_token(&self, _: Provider, _: &str) -> Result<ProvenIdentity, IdentityError> {
        Err(no_providers())
    }

    async fn look_up_access_token(&self, _: Provider, _: &str) -> Result<ProvenIdentity, IdentityError> {
        Err(no_providers())
    }

    async fn begin(&self, _: Provider, _: &ProviderVisit) -> Result<String, IdentityError> {
        Err(no_providers())
    }

    async fn finish(&self, _: Provider, _: &ProviderVisit, _: &str) -> Result<ProvenIdentity, IdentityError> {
        Err(no_providers())
    }
}
