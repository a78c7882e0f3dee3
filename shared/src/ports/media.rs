//! What goes in and out of the [`MediaStore`](super::MediaStore) port.

use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::BoxStream;

use super::Cause;

/// Bytes on their way.
pub type ByteStream = BoxStream<'static, Result<Bytes, std::io::Error>>;

/// What is known of stored bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredMedia {
    /// How many bytes.
    pub size: u64,
    /// Their SHA-256, in lower-case hex.
    pub sha256: String,
}

/// What a store says of bytes that somebody put there. What it does not keep it has compared when they came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaHead {
    /// How many bytes.
    pub size: u64,
    /// The type they came with, if the store keeps it.
    pub content_type: Option<String>,
    /// Their SHA-256 in lower-case hex, if it came with them and the store keeps it.
    pub sha256: Option<String>,
}

/// What a direct upload must look like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadTerms {
    /// Exactly this many bytes.
    pub size: u64,
    /// Exactly this type.
    pub content_type: String,
    /// With this SHA-256, in lower-case hex; with any if whoever uploads did not say.
    pub sha256: Option<String>,
    /// Until then.
    pub expires_in: Duration,
}

/// How a direct download presents itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DownloadTerms {
    /// The type to say.
    pub content_type: String,
    /// The `Content-Disposition` to say.
    pub disposition: String,
    /// Until then.
    pub expires_in: Duration,
}

/// A request that its bearer may make once, without further credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedRequest {
    /// `PUT` or `GET`.
    pub method: &'static str,
    /// Where to.
    pub url: String,
    /// Headers that must be sent as they are.
    pub headers: Vec<(String, String)>,
}

/// Why a call of [`MediaStore`](super::MediaStore) failed.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    /// The body is longer than allowed; nothing was stored.
    #[error("the body is larger than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// The incoming body broke off or could not be read; nothing was stored.
    #[error("the body broke off")]
    Body(#[source] std::io::Error),
    /// There are no such bytes.
    #[error("no such medium")]
    NotFound,
    /// The store did not answer, or has no room.
    #[error("the media store is unavailable")]
    Unavailable(#[source] Cause),
}
