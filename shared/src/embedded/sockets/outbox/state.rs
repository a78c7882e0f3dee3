//! What an outbox guards with its lock.

use std::borrow::Cow;
use std::sync::Arc;

use super::batch::Batch;
use super::{Ending, OutboxLimits, Pushed};
use crate::embedded::{Wire, WireFrame};
use crate::protocol::{Close, Dialect, Event, Timestamp};

#[derive(Debug)]
pub(super) struct State {
    pub(super) stage: Stage,
    /// Whether somebody has the right, and the duty, to write.
    pub(super) claimed: bool,
    pub(super) overflowed: bool,
    /// Whether the client has closed: then nothing is waited for once its answer has been written.
    pub(super) peer_closed: bool,
    pub(super) wire: Option<Arc<dyn Wire>>,
    pub(super) batch: Batch,
    /// What is not written yet: more than `batch` while somebody is writing.
    unsent_frames: usize,
    unsent_bytes: usize,
    pub(super) ending: Option<Ending>,
    pub(super) last_active: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    Pending,
    Open,
    Closing,
    Closed,
}

impl State {
    pub(super) fn new(now: Timestamp) -> Self {
        Self {
            stage: Stage::Pending,
            claimed: false,
            overflowed: false,
            peer_closed: false,
            wire: None,
            batch: Batch::default(),
            unsent_frames: 0,
            unsent_bytes: 0,
            ending: None,
            last_active: now,
        }
    }

    pub(super) fn push(&mut self, frame: WireFrame, now: Timestamp, limits: &OutboxLimits) -> Pushed {
        match self.stage {
            Stage::Pending => return Pushed::NotYetOpen,
            Stage::Closing => return Pushed::Closing,
            Stage::Closed => return Pushed::Closed,
            Stage::Open => {}
        }
        let bytes = self.unsent_bytes + frame.as_bytes().len();
        if bytes > limits.bytes || self.unsent_frames >= limits.frames {
            return Pushed::Full;
        }
        self.last_active = self.last_active.max(now);
        self.append(frame);
        Pushed::Queued
    }

    pub(super) fn append(&mut self, frame: WireFrame) {
        self.unsent_frames += 1;
        self.unsent_bytes += frame.as_bytes().len();
        self.batch.push(frame);
    }

    /// Drops what waits, but for a frame that has begun, and says why.
    pub(super) fn overflow(&mut self) {
        let reason = Close::TooSlow;
        self.stage = Stage::Closing;
        self.overflowed = true;
        self.ending = Some(Ending { code: reason.code(), reason: Cow::Borrowed(reason.name()) });
        self.batch.keep_only_what_has_begun();
        if let Some(error) = Event::closing(reason).frame(Dialect::Feed) {
            self.append(WireFrame::from(&error));
        }
        self.append(WireFrame::close(reason.code(), reason.name()));
    }

    /// Takes the right to write, if nobody has it and there is something to write, and somewhere.
    pub(super) fn claim(&mut self) -> bool {
        let free = !self.claimed && self.wire.is_some() && !self.batch.is_empty();
        self.claimed |= free;
        free
    }

    /// Lets go of everything: the socket is gone.
    pub(super) fn shut(&mut self) -> Option<Arc<dyn Wire>> {
        self.stage = Stage::Closed;
        self.batch = Batch::default();
        (self.unsent_frames, self.unsent_bytes) = (0, 0);
        self.wire.take()
    }

    /// Takes note of frames and bytes that were written.
    pub(super) fn discount(&mut self, (frames, bytes): (usize, usize)) {
        self.unsent_frames = self.unsent_frames.saturating_sub(frames);
        self.unsent_bytes = self.unsent_bytes.saturating_sub(bytes);
    }
}
