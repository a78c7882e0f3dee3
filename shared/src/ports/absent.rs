//! What stands behind a port that nobody has provided.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;

use super::{
    Absence, AbsenceCheck, Admission, Appended, Broadcast, ByteStream, Cause, ChannelError, Connection,
    Connections, Consent, Consistency, DeadLetters, DeadLettersError, Delivery, DownloadTerms, DropBox,
    DropBoxError, DropRef, Entries, Entry, FanOut, Group, Groups, Happening, Head, IdentityError,
    IdentityProviders, Item, Job, Jobs, JobsError, Joined, Keep, Key, LiveCounts, LiveFigures, Mail, Mailer,
    MailerError, MediaError, MediaHead, MediaStore, NewEntry, Outbound, OutboundAnswer, OutboundCall,
    OutboundError, Page, Present, ProvenIdentity, ProviderAnswer, ProviderVisit, Query, RoomLog,
    RoomLogError, RoomTurns, Sender, SignedRequest, Slice, StoredMedia, Table, TableError, Turn, UploadTerms,
    WelcomeLease, Write,
};
use crate::domain::provider::Provider;
use crate::ids::{ConnectionId, EventId, RoomCode, StoredName, UserId};
use crate::protocol::{Close, Frame, Timestamp};

/// Every port that was not provided: each call fails, and says which one is missing. Turns in rooms are free, and
/// nothing is counted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Absent;

fn no(service: &str) -> Cause {
    format!("no {service} provided").into()
}

fn no_table() -> TableError {
    TableError::Unavailable(no("table"))
}

fn no_sockets() -> ChannelError {
    ChannelError(no("sockets"))
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
impl DeadLetters for Absent {
    async fn count(&self) -> Result<u64, DeadLettersError> {
        Err(DeadLettersError(no("dead-letter queue")))
    }
}

/// What nobody counts happens all the same.
#[async_trait]
impl LiveCounts for Absent {
    async fn note(&self, _: Happening) {}

    async fn figures(&self) -> Result<LiveFigures, TableError> {
        Err(TableError::Unavailable(no("counts")))
    }
}

#[async_trait]
impl Mailer for Absent {
    async fn send(&self, _: &Mail) -> Result<(), MailerError> {
        Err(MailerError::Unavailable(no("mailer")))
    }
}

#[async_trait]
impl Outbound for Absent {
    async fn call(&self, _: &OutboundCall) -> Result<OutboundAnswer, OutboundError> {
        Err(OutboundError::Unreachable(no("way out")))
    }
}

#[async_trait]
impl Connections for Absent {
    async fn register(&self, _: &Connection) -> Result<(), ChannelError> {
        Err(no_sockets())
    }

    async fn find(&self, _: &ConnectionId) -> Result<Option<Connection>, ChannelError> {
        Err(no_sockets())
    }

    async fn lease_welcome(&self, _: &ConnectionId) -> Result<WelcomeLease, ChannelError> {
        Err(no_sockets())
    }

    async fn release_welcome(&self, _: &ConnectionId) -> Result<(), ChannelError> {
        Err(no_sockets())
    }

    async fn welcomed(&self, _: &ConnectionId) -> Result<(), ChannelError> {
        Err(no_sockets())
    }

    async fn forget(&self, _: &ConnectionId) -> Result<Option<Connection>, ChannelError> {
        Err(no_sockets())
    }
}

#[async_trait]
impl Groups for Absent {
    async fn join(&self, _: &Group, _: &Connection, _: Option<&Admission>) -> Result<Joined, ChannelError> {
        Err(no_sockets())
    }

    async fn leave(&self, _: &Group, _: &Connection) -> Result<(), ChannelError> {
        Err(no_sockets())
    }

    async fn present(&self, _: &Group, _: Option<UserId>) -> Result<Vec<Present>, ChannelError> {
        Err(no_sockets())
    }

    async fn is_occupied(&self, _: &Group) -> Result<bool, ChannelError> {
        Err(no_sockets())
    }

    async fn sockets(&self, _: &Group, _: Option<UserId>) -> Result<Vec<Connection>, ChannelError> {
        Err(no_sockets())
    }

    async fn confirm_left(
        &self,
        _: &Group,
        _: UserId,
        _: Option<&AbsenceCheck>,
    ) -> Result<Absence, ChannelError> {
        Err(no_sockets())
    }
}

#[async_trait]
impl Sender for Absent {
    async fn send(&self, _: &ConnectionId, _: &Frame) -> Result<Delivery, ChannelError> {
        Err(no_sockets())
    }

    async fn publish(&self, _: &Group, _: &Broadcast) -> Result<(), ChannelError> {
        Err(no_sockets())
    }

    async fn resume(&self, _: FanOut, _: &Broadcast, _: Option<Timestamp>) -> Result<(), ChannelError> {
        Err(no_sockets())
    }

    async fn close(&self, _: &ConnectionId, _: Close) -> Result<(), ChannelError> {
        Err(no_sockets())
    }
}

#[async_trait]
impl RoomTurns for Absent {
    async fn take(&self, _: &RoomCode) -> Turn {
        Turn::free()
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
    fn offers_visits(&self, _: Provider) -> bool {
        false
    }

    async fn verify_id_token(&self, _: Provider, _: &str) -> Result<ProvenIdentity, IdentityError> {
        Err(no_providers())
    }

    async fn look_up_access_token(&self, _: Provider, _: &str) -> Result<ProvenIdentity, IdentityError> {
        Err(no_providers())
    }

    async fn begin(&self, _: Provider, _: &ProviderVisit) -> Result<String, IdentityError> {
        Err(no_providers())
    }

    async fn finish(
        &self,
        _: Provider,
        _: &ProviderVisit,
        _: &ProviderAnswer,
    ) -> Result<ProvenIdentity, IdentityError> {
        Err(no_providers())
    }
}

fn no_log() -> RoomLogError {
    RoomLogError(no("log of rooms"))
}

#[async_trait]
impl RoomLog for Absent {
    async fn append_with_consent(
        &self,
        _: &RoomCode,
        _: NewEntry,
        _: Consent<'_>,
    ) -> Result<Appended, RoomLogError> {
        Err(no_log())
    }

    async fn read(&self, _: &RoomCode, _: Slice) -> Result<Entries, RoomLogError> {
        Err(no_log())
    }

    async fn get(&self, _: &RoomCode, _: &[EventId]) -> Result<Vec<Entry>, RoomLogError> {
        Err(no_log())
    }

    async fn head(&self, _: &RoomCode) -> Result<Head, RoomLogError> {
        Err(no_log())
    }

    async fn reactions_of(
        &self,
        _: &RoomCode,
        _: UserId,
        _: &[EventId],
    ) -> Result<BTreeMap<EventId, Vec<String>>, RoomLogError> {
        Err(no_log())
    }

    async fn trim(&self, _: &RoomCode, _: &Keep) -> Result<bool, RoomLogError> {
        Err(no_log())
    }
}
