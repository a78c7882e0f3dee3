//! What goes in and out of the [`DropBox`](super::DropBox) port.

use super::Cause;

/// A text that somebody dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DropRef {
    /// Its path below the messages prefix, decoded, without a slash in front: `rooms/kino/hello.txt`.
    pub path: String,
    /// Which of the texts that have had this path: an object's version, or its ETag in double quotes where the bucket
    /// keeps no versions; or the number under which a file was claimed. Never contains `#`.
    pub version: String,
}

/// The store of dropped texts did not answer. Trying again is safe.
#[derive(Debug, thiserror::Error)]
#[error("the drop box is unavailable")]
pub struct DropBoxError(#[source] pub Cause);
