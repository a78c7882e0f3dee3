//! Where playing stands: a position that holds at an instant, from which every later one follows.

use crate::protocol::Timestamp;

/// The slowest that something is played.
pub const MIN_RATE: f64 = 0.25;
/// The fastest.
pub const MAX_RATE: f64 = 2.0;

/// Where playing stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Playback {
    /// The position in seconds at `at`.
    pub position: f64,
    /// Whether it plays.
    pub is_playing: bool,
    /// How fast.
    pub rate: f64,
    /// How many changes there have been.
    pub version: u64,
    /// The instant at which the position holds.
    pub at: Timestamp,
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
        Self { position: 0.0, is_playing: false, rate: 1.0, version: 0, at }
    }

    /// The position at a moment; what lies before the instant of the state counts as it.
    pub fn position_at(&self, now: Timestamp) -> f64 {
        if self.is_playing {
            self.position + now.since(self.at).as_secs_f64() * self.rate
        } else {
            self.position
        }
    }

    /// The state after a command; none if that asks for what can't be.
    pub fn apply(&self, command: PlaybackCommand, now: Timestamp) -> Option<Self> {
        let next = |position, is_playing, rate| Self {
            position,
            is_playing,
            rate,
            version: self.version + 1,
            at: now,
        };
        match command {
            PlaybackCommand::Play(time) => is_position(time).then(|| next(time, true, self.rate)),
            PlaybackCommand::Pause(time) => is_position(time).then(|| next(time, false, self.rate)),
            PlaybackCommand::Seek(time) => is_position(time).then(|| next(time, self.is_playing, self.rate)),
            PlaybackCommand::SetRate(rate) => {
                let possible = (MIN_RATE..=MAX_RATE).contains(&rate);
                possible.then(|| next(self.position_at(now), self.is_playing, rate))
            }
        }
    }
}

/// Finite, not negative, and no longer than a year.
fn is_position(time: f64) -> bool {
    time.is_finite() && (0.0..=31_536_000.0).contains(&time)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_micros(millis * 1000)
    }

    #[test]
    fn a_position_advances_while_it_plays_and_rests_while_it_does_not() {
        let playing = Playback::new(at(0)).apply(PlaybackCommand::Play(10.0), at(1000)).unwrap();
        assert_eq!(playing.position_at(at(3500)), 12.5);
        let paused = playing.apply(PlaybackCommand::Pause(12.5), at(3500)).unwrap();
        assert_eq!(paused.position_at(at(99_000)), 12.5);
        assert_eq!(paused.version, 2);
    }

    #[test]
    fn seeking_keeps_whether_it_plays_and_another_rate_keeps_the_position() {
        let playing = Playback::new(at(0)).apply(PlaybackCommand::Play(0.0), at(0)).unwrap();
        let sought = playing.apply(PlaybackCommand::Seek(60.0), at(500)).unwrap();
        assert!(sought.is_playing && sought.position == 60.0);
        let faster = sought.apply(PlaybackCommand::SetRate(2.0), at(1500)).unwrap();
        assert_eq!(faster.position, 61.0);
        assert_eq!(faster.position_at(at(2500)), 63.0);
        let rested = Playback::new(at(0)).apply(PlaybackCommand::Seek(5.0), at(9)).unwrap();
        assert!(!rested.is_playing);
    }

    #[test]
    fn what_cannot_be_changes_nothing() {
        let state = Playback::new(at(0));
        for time in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.5, 1e12] {
            for command in
                [PlaybackCommand::Play(time), PlaybackCommand::Pause(time), PlaybackCommand::Seek(time)]
            {
                assert_eq!(state.apply(command, at(1)), None, "{command:?}");
            }
        }
        for rate in [f64::NAN, 0.0, 0.2, 2.1, -1.0] {
            assert_eq!(state.apply(PlaybackCommand::SetRate(rate), at(1)), None);
        }
    }

    /// Whatever is done, time never runs backwards while it plays.
    #[test]
    fn time_never_runs_backwards_while_it_plays() {
        for rate in [0.25, 0.95, 1.0, 1.05, 2.0] {
            let state = Playback::new(at(0)).apply(PlaybackCommand::SetRate(rate), at(0)).unwrap();
            let state = state.apply(PlaybackCommand::Play(3.0), at(0)).unwrap();
            let mut last = 0.0;
            for millis in 0..2000 {
                let position = state.position_at(at(millis));
                assert!(position >= last);
                last = position;
            }
        }
    }
}
