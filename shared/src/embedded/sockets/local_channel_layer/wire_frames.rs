//! One event in each dialect, encoded.

use crate::embedded::WireFrame;
use crate::protocol::{Dialect, Frames};

/// Frames that are encoded once each, when somebody first speaks their dialect.
pub(super) struct WireFrames<'a> {
    frames: &'a Frames,
    encoded: [Option<WireFrame>; Dialect::ALL.len()],
}

impl<'a> WireFrames<'a> {
    pub(super) fn of(frames: &'a Frames) -> Self {
        Self { frames, encoded: Default::default() }
    }

    /// The frame in a dialect, if there is one.
    pub(super) fn get(&mut self, dialect: Dialect) -> Option<&WireFrame> {
        let frame = self.frames.get(dialect)?;
        if self.encoded[dialect.index()].is_none() {
            let same =
                |other: &Dialect| self.frames.get(*other).is_some_and(|text| text.shares_text_with(frame));
            let known =
                Dialect::ALL.into_iter().filter(same).find_map(|other| self.encoded[other.index()].clone());
            self.encoded[dialect.index()] = Some(known.unwrap_or_else(|| WireFrame::from(frame)));
        }
        self.encoded[dialect.index()].as_ref()
    }
}
