//! The frames that an outbox holds.

use std::collections::VecDeque;
use std::io::{self, IoSlice};

use crate::embedded::{Wire, WireFrame};

/// So many frames at most go into one write.
const MAX_SLICES: usize = 64;
/// An empty batch keeps room for so many frames.
const IDLE_CAPACITY: usize = 16;

/// Frames in order, the first of which may have been sent in part.
#[derive(Debug, Default)]
pub(super) struct Batch {
    frames: VecDeque<WireFrame>,
    sent: usize,
}

impl Batch {
    pub(super) fn push(&mut self, frame: WireFrame) {
        self.frames.push_back(frame);
    }

    /// Adds what came later.
    pub(super) fn append(&mut self, mut later: Self) {
        self.frames.append(&mut later.frames);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    pub(super) fn frames(&self) -> usize {
        self.frames.len()
    }

    /// Gives back memory that a burst took.
    pub(super) fn shrink(&mut self) {
        self.frames.shrink_to(IDLE_CAPACITY);
    }

    /// Writes all of it, in as few writes as possible, or until the first error.
    pub(super) fn write_to(&mut self, wire: &dyn Wire) -> io::Result<()> {
        while let Some(first) = self.frames.front() {
            let written = match self.frames.len() {
                // Most often there is but one.
                1 => wire.try_write(&[IoSlice::new(&first.as_bytes()[self.sent..])])?,
                _ => self.write_several(wire)?,
            };
            if written == 0 {
                return Err(io::ErrorKind::WriteZero.into());
            }
            self.advance(written);
        }
        Ok(())
    }

    fn write_several(&self, wire: &dyn Wire) -> io::Result<usize> {
        let mut slices = [IoSlice::new(&[]); MAX_SLICES];
        let mut skip = self.sent;
        let mut count = 0;
        for (slice, frame) in slices.iter_mut().zip(&self.frames) {
            *slice = IoSlice::new(&frame.as_bytes()[skip..]);
            skip = 0;
            count += 1;
        }
        wire.try_write(&slices[..count])
    }

    fn advance(&mut self, written: usize) {
        self.sent += written;
        while let Some(first) = self.frames.front() {
            let length = first.as_bytes().len();
            if self.sent < length {
                return;
            }
            self.sent -= length;
            self.frames.pop_front();
        }
    }

    /// What is left to send.
    pub(super) fn bytes(&self) -> usize {
        let all: usize = self.frames.iter().map(|frame| frame.as_bytes().len()).sum();
        all - self.sent
    }

    /// Drops all but a frame that has been sent in part.
    pub(super) fn keep_only_what_has_begun(&mut self) {
        self.frames.truncate(usize::from(self.sent > 0));
    }
}
