//! Parts of a file, wherever it lies, and what they tell.

use async_trait::async_trait;
use bytes::Bytes;

use crate::domain::watch::{Format, Step};

/// How much of a file's beginning is read, and how much elsewhere.
pub(super) const BEGINNING: usize = 64 * 1024;
const PART: usize = 16 * 1024;
/// How many parts are read.
const MAX_PARTS: usize = 8;

/// A part of a file.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) bytes: Bytes,
    /// How large the whole file is, if that is known.
    pub(super) size: Option<u64>,
}

/// A file of which parts can be read.
#[async_trait]
pub(super) trait Ranges: Send + Sync {
    /// The part from a position on, of so many bytes at most; none if it can't be read.
    async fn read(&self, at: u64, length: usize) -> Option<Part>;
}

/// How long a file is, in seconds, whose beginning was read.
pub(super) async fn duration(file: &dyn Ranges, format: Format, beginning: Part) -> Option<f64> {
    let (mut at, mut part) = (0, beginning);
    for _ in 0..MAX_PARTS {
        let next = match format.step(at, &part.bytes, part.size) {
            Step::Known(seconds) => return Some(seconds),
            Step::ReadAt(next) if next > at => next,
            Step::ReadAt(_) | Step::Unknown => return None,
        };
        (at, part) = (next, file.read(next, PART).await?);
    }
    None
}
