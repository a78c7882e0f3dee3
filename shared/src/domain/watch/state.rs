//! Where playing stands: a position that holds at an instant, from which every later one follows.

use std::time::Duration;

use super::WatchItem;
use crate::protocol::Timestamp;

/// The slowest that something is played.
pub const MIN_RATE: f64 = 0.25;
/// The fastest.
pub const MAX_RATE: f64 = 2.0;
/// The latest position, in seconds: a year.
const MAX_POSITION: f64 = 31_536_000.0;
const MICROS: f64 = 1_000_000.0;

/// Where playing stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Playback {
    /// The position in seconds at `at`.
    pub position: f64,
    /// Whether it plays.
    pub is_playing: bool,
    /// How fast.
    pub rate: f64,
    /// How many changes there have been.
    pub version: u64,
    /// The instant at which the position holds. It may be yet to come: then playing begins there.
    pub at: Timestamp,
    /// What is watched.
    pub item: Option<WatchItem>,
    /// Whether it has gone where nobody's player is yet: to another item, or another place in it.
    pub is_fresh: bool,
    /// Until when at most playing waits for everybody to be ready; none if it doesn't.
    pub waits_until: Option<Timestamp>,
}

/// What is wanted of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum PlaybackCommand {
    /// To play from there on.
    Play(f64),
    /// To stop there.
    Pause(f64),
    /// To go there; whether it plays stays as it is.
    Seek(f64),
    /// To play so fast.
    SetRate(f64),
}

impl Playback {
    /// As it is at first: at the beginning, paused.
    pub fn new(at: Timestamp) -> Self {
        let (is_playing, is_fresh) = (false, false);
        Self { position: 0.0, is_playing, rate: 1.0, version: 0, at, item: None, is_fresh, waits_until: None }
    }

    /// The position at a moment; what lies before the instant of the state counts as it. While something plays, a whole
    /// number of microseconds; never beyond the end, where that is known.
    pub fn position_at(&self, now: Timestamp) -> f64 {
        let position = if self.is_playing && self.waits_until.is_none() && now > self.at {
            let micros = now.as_micros().saturating_sub(self.at.as_micros());
            #[expect(clippy::cast_precision_loss, reason = "an f64 holds 285 years of microseconds exactly")]
            let passed = micros as f64 * self.rate;
            (self.position * MICROS + passed).round() / MICROS
        } else {
            self.position
        };
        self.clamped(position)
    }

    /// The state after a command, which takes effect so much later if something plays then; none if the command asks for
    /// what can't be.
    pub fn apply(&self, command: PlaybackCommand, now: Timestamp, lead: Duration) -> Option<Self> {
        let is_playing = match command {
            PlaybackCommand::Play(_) => true,
            PlaybackCommand::Pause(_) => false,
            PlaybackCommand::Seek(_) | PlaybackCommand::SetRate(_) => self.is_playing,
        };
        let at = if is_playing { now.plus(lead) } else { now };
        let next = |position: f64, rate| Self {
            position: self.clamped(position),
            is_playing,
            rate,
            version: self.version + 1,
            at,
            item: self.item.clone(),
            is_fresh: self.is_fresh || matches!(command, PlaybackCommand::Seek(_)),
            waits_until: None,
        };
        match command {
            PlaybackCommand::SetRate(rate) => {
                (MIN_RATE..=MAX_RATE).contains(&rate).then(|| next(self.position_at(at), rate))
            }
            PlaybackCommand::Play(time) | PlaybackCommand::Pause(time) | PlaybackCommand::Seek(time) => {
                is_position(time).then(|| next(time, self.rate))
            }
        }
    }

    /// The state with something else to watch, from its beginning on.
    #[must_use]
    pub fn with_item(&self, item: WatchItem, is_playing: bool, now: Timestamp, lead: Duration) -> Self {
        let at = if is_playing { now.plus(lead) } else { now };
        let version = self.version + 1;
        let (rate, item) = (self.rate, Some(item));
        Self { position: 0.0, is_playing, rate, version, at, item, is_fresh: true, waits_until: None }
    }

    /// The same state where playing waits until everybody is ready, until then at most. What does not play, or goes on where
    /// it was, waits for nobody.
    #[must_use]
    pub fn gated(self, until: Timestamp) -> Self {
        let waits = self.is_playing && self.is_fresh;
        Self { waits_until: waits.then_some(until), ..self }
    }

    /// The state in which what has waited plays; none if nothing has.
    pub fn opened(&self, now: Timestamp, lead: Duration) -> Option<Self> {
        self.waits_until?;
        let (version, at) = (self.version + 1, now.plus(lead));
        Some(Self { version, at, is_fresh: false, waits_until: None, ..self.clone() })
    }

    /// The moment at which it takes effect, if that is yet to come.
    pub fn starts_at(&self, now: Timestamp) -> Option<Timestamp> {
        (self.is_playing && self.waits_until.is_none() && self.at > now).then_some(self.at)
    }

    fn clamped(&self, position: f64) -> f64 {
        self.item.as_ref().map_or(position, |item| item.clamped(position))
    }
}

/// Finite, not negative, and no longer than a year.
fn is_position(time: f64) -> bool {
    time.is_finite() && (0.0..=MAX_POSITION).contains(&time)
}

#[cfg(test)]
mod tests;
