//! Every seam between what Parlor decides and what stands behind it. Those of sockets lie in `sockets`, and the plain
//! types that cross a seam in files beside this one.
//!
//! A trait's documentation is its specification; `testing` holds the contract suites that every adapter passes.
//! The adapters are in `aws` and `embedded`.

mod absent;
mod broadcast;
mod connection;
mod drop_box;
mod identity;
mod job;
mod live_counts;
mod mail;
mod media;
mod outbound;
mod presence;
mod room_log;
mod sockets;
pub mod table;
mod turns;

use std::error::Error as StdError;
use std::fmt::Debug;
use std::ops::RangeInclusive;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;

pub(crate) use self::absent::Absent;
pub use self::broadcast::{Broadcast, Content, FanOut, Own, OwnCopy, Source};
pub use self::connection::{ChannelError, Connection, Delivery, Endpoint, Group, WelcomeLease};
pub use self::drop_box::{DropBoxError, DropRef};
pub use self::identity::{IdentityError, ProvenIdentity, ProviderAnswer, ProviderVisit};
pub use self::job::{DeadLettersError, Job, JobsError, MAX_JOB_DELAY};
pub use self::live_counts::{Happening, LiveCounts, LiveFigures, MinuteCounts, Tally};
pub use self::mail::{Mail, MailerError};
pub use self::media::{
    ByteStream, DownloadTerms, MediaError, MediaHead, SignedRequest, StoredMedia, UploadTerms,
};
pub use self::outbound::{NotAllowed, OutboundAnswer, OutboundCall, OutboundError, OutboundMethod};
pub use self::presence::{ABSENCE_GRACE, Absence, AbsenceCheck, Admission, Joined, Present};
pub use self::room_log::{
    Appended, Consent, Consented, Entries, Entry, Head, Keep, Late, MAX_CLEARED, NewEntry, RoomLog,
    RoomLogError, Slice,
};
pub use self::sockets::{Connections, Groups, RoomTurns, Sender};
pub use self::table::{
    Change, Comparison, Condition, Consistency, Cursor, Direction, EXPIRES_AT, INDEX_PK, INDEX_SK, Item, Key,
    MAX_ITEM_BYTES, Page, Partition, Query, Refusal, SortRange, TableError, Write,
};
pub use self::turns::Turn;
pub use crate::domain::identity::Identity;
use crate::domain::provider::Provider;
use crate::ids::{ConnectionId, StoredName};
use crate::protocol::Timestamp;

/// The cause behind a port's error, kept for the log.
pub type Cause = Box<dyn StdError + Send + Sync>;

/// What lasts. DynamoDB's shape and no more: one table, partitions ordered by sort key, one index, conditions,
/// transactions, expiry.
///
/// * A write that was answered is not lost when the process dies.
/// * Reads, queries and conditions take no notice of items whose [`EXPIRES_AT`] has come, deleted or not.
/// * An item appears in the index once it has both [`INDEX_PK`] and [`INDEX_SK`], as texts.
/// * Writes to one item happen one after another; there are no lost updates.
/// * Items of more than [`MAX_ITEM_BYTES`] and empty keys are refused as [`TableError::Invalid`].
#[async_trait]
pub trait Table: Debug + Send + Sync {
    /// The item under a key.
    async fn get(&self, key: &Key, consistency: Consistency) -> Result<Option<Item>, TableError>;

    /// The items under many different keys, in any order; those that don't exist are left out.
    async fn batch_get(&self, keys: &[Key], consistency: Consistency) -> Result<Vec<Item>, TableError>;

    /// One page of a partition.
    async fn query(&self, query: &Query) -> Result<Page, TableError>;

    /// One write. An update answers the item as it is now; a put or a delete answers the item as it was, if it was.
    async fn write(&self, write: Write) -> Result<Option<Item>, TableError>;

    /// Up to 100 writes to different items: all of them or none.
    async fn transact(&self, writes: Vec<Write>) -> Result<(), TableError>;
}

/// Bytes, by unguessable name. Nothing of a put can be seen before all of it is stored, and what was answered lasts.
#[async_trait]
pub trait MediaStore: Debug + Send + Sync {
    /// Stores a body of at most `limit` bytes without holding it in memory.
    async fn put(
        &self,
        name: &StoredName,
        content_type: &str,
        body: ByteStream,
        limit: u64,
    ) -> Result<StoredMedia, MediaError>;

    /// The bytes, all of them or those from one position to another, both included and within the size.
    async fn get(
        &self,
        name: &StoredName,
        range: Option<RangeInclusive<u64>>,
    ) -> Result<ByteStream, MediaError>;

    /// What is known of what is stored under a name.
    async fn head(&self, name: &StoredName) -> Result<MediaHead, MediaError>;

    /// Takes the bytes away. They need not be there.
    async fn delete(&self, name: &StoredName) -> Result<(), MediaError>;

    /// A request by which bytes can be put here directly, once.
    async fn sign_upload(&self, name: &StoredName, terms: &UploadTerms) -> Result<SignedRequest, MediaError>;

    /// A request by which bytes can be got from here directly.
    async fn sign_download(
        &self,
        name: &StoredName,
        terms: &DownloadTerms,
    ) -> Result<SignedRequest, MediaError>;
}

/// Texts that were dropped for broadcast, each in one version that nobody changes any more.
#[async_trait]
pub trait DropBox: Debug + Send + Sync {
    /// The bytes of a text, cut off after `limit` of them; none if that version is gone.
    async fn read(&self, drop: &DropRef, limit: usize) -> Result<Option<Bytes>, DropBoxError>;

    /// Takes that version away, and no other. It need not be there.
    async fn remove(&self, drop: &DropRef) -> Result<(), DropBoxError>;

    /// Puts that version aside among the rejected, where it is not sent. It need not be there.
    async fn reject(&self, drop: &DropRef) -> Result<(), DropBoxError>;
}

/// Runs jobs later: at least once each, not before their delay is over, in no particular order. A job that fails is
/// tried again, and put aside after five attempts: into nothing, never. What was enqueued survives a crash, except for what is
/// about a socket that does not.
#[async_trait]
pub trait Jobs: Debug + Send + Sync {
    /// Takes jobs, each with its delay of at most [`MAX_JOB_DELAY`].
    async fn enqueue(&self, jobs: Vec<(Job, Duration)>) -> Result<(), JobsError>;

    /// A socket has gone: its next sign of life, [`Job::KeepAlive`], need not be kept. A queue that can't take anything back
    /// runs it all the same, and it finds no socket.
    fn forget(&self, _socket: &ConnectionId) {}
}

/// Jobs and events that failed too often, and are tried no more.
#[async_trait]
pub trait DeadLetters: Debug + Send + Sync {
    /// About how many there are.
    async fn count(&self) -> Result<u64, DeadLettersError>;
}

/// Google and Facebook: who somebody is, on their word.
///
/// * Nobody is vouched for but by a token that was made for us, by that provider, and is still good.
/// * Every call ends within seconds, whatever the provider does.
/// * No error holds a token.
#[async_trait]
pub trait IdentityProviders: Debug + Send + Sync {
    /// Who an ID token, which a client got by itself, is about.
    async fn verify_id_token(
        &self,
        provider: Provider,
        id_token: &str,
    ) -> Result<ProvenIdentity, IdentityError>;

    /// Whose access token this is, by asking the provider.
    async fn look_up_access_token(
        &self,
        provider: Provider,
        access_token: &str,
    ) -> Result<ProvenIdentity, IdentityError>;

    /// Whether browsers can visit it to sign in.
    fn offers_visits(&self, provider: Provider) -> bool;

    /// The URL at which a browser begins a visit.
    async fn begin(&self, provider: Provider, visit: &ProviderVisit) -> Result<String, IdentityError>;

    /// Who has come back from a visit with this.
    async fn finish(
        &self,
        provider: Provider,
        visit: &ProviderVisit,
        answer: &ProviderAnswer,
    ) -> Result<ProvenIdentity, IdentityError>;
}

/// Sends mail: at least once what was answered, in no particular order. Whether it arrives is another question.
#[async_trait]
pub trait Mailer: Debug + Send + Sync {
    /// Sends a mail.
    async fn send(&self, mail: &Mail) -> Result<(), MailerError>;
}

/// Calls machines of other people, whose addresses people gave us.
///
/// * Only addresses that the deployment's [`Reach`](crate::domain::outbound::Reach) admits are connected to: what was checked is the very
///   address that is connected to, and each redirect is checked anew.
/// * A call ends when its time is over, and reads no more than it was told to, whatever the other side does.
/// * Every status is an answer.
#[async_trait]
pub trait Outbound: Debug + Send + Sync {
    /// Makes one call.
    async fn call(&self, call: &OutboundCall) -> Result<OutboundAnswer, OutboundError>;
}

/// What time it is, injected so that tests can set it.
#[async_trait]
pub trait Clock: Debug + Send + Sync {
    /// The time now.
    fn now(&self) -> Timestamp;

    /// Returns when [`now`](Self::now) has reached that moment.
    async fn sleep_until(&self, moment: Timestamp);
}

/// Where ids, secrets and random delays come from.
pub trait Random: Debug + Send + Sync {
    /// Fills the buffer with bytes that nobody can guess.
    fn fill(&self, bytes: &mut [u8]);
}

impl dyn Random + '_ {
    /// So many bytes that nobody can guess.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }
}
