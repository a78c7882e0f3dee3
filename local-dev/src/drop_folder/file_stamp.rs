//! What changes when a file is written to.

use std::fs::{self, Metadata};
use std::path::Path;
use std::time::SystemTime;

/// A file's length and time of change: as long as both stay the same, nobody has written to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FileStamp {
    len: u64,
    modified: Option<SystemTime>,
}

impl FileStamp {
    /// The stamp of the file itself, be it a link or not; none if there is no such file.
    pub(super) fn of(path: &Path) -> Option<Self> {
        fs::symlink_metadata(path).ok().map(|metadata| Self::from(&metadata))
    }

    /// When it was last written to, where the file system knows.
    pub(super) fn modified(self) -> Option<SystemTime> {
        self.modified
    }
}

impl From<&Metadata> for FileStamp {
    fn from(metadata: &Metadata) -> Self {
        Self { len: metadata.len(), modified: metadata.modified().ok() }
    }
}
