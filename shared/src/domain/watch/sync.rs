//! How a player that is somewhere else than the room gets there.

use std::time::Duration;

use super::Playback;
use crate::protocol::Timestamp;

/// Below this nobody sees a difference.
const UNSEEN: f64 = 0.040;
/// Above this a player jumps.
const JUMP: f64 = 2.0;
/// How much faster or slower than the room a player may play: nobody hears it.
const MOST: f64 = 0.05;
/// Within how many seconds a small difference is played away.
const GENTLE: f64 = 2.0;
/// Further from our own time than this, a client's idea of it is worth nothing.
const TRUSTED: Duration = Duration::from_secs(5);

/// Where a client's player is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlayerPosition {
    /// The position in seconds.
    pub time: f64,
    /// When it was there, in our time as the client knows it.
    pub held_at: Option<Timestamp>,
}

/// How a player gets to where the room is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Correction {
    /// Where the room is now.
    pub time: f64,
    /// At which rate to play, and for how many seconds; none: jump.
    pub drift: Option<(f64, f64)>,
}

/// What a player is to do about its position; nothing if it is right, or if the room's state is yet to begin.
///
/// A client that knows our time is corrected finely, one that doesn't only if it is far off: the way of its message is
/// part of the difference.
pub fn correction(state: &Playback, player: PlayerPosition, now: Timestamp) -> Option<Correction> {
    let held_at = player.held_at.filter(|at| at.since(now).max(now.since(*at)) <= TRUSTED);
    let at = held_at.unwrap_or(now);
    if at < state.at || state.waits_until.is_some() {
        return None;
    }
    let time = state.position_at(now);
    let off = player.time - state.position_at(at);
    let is_fine = held_at.is_some();
    if off.abs() > JUMP {
        return Some(Correction { time, drift: None });
    }
    if !is_fine || off.abs() < UNSEEN {
        return None;
    }
    let drift = state.is_playing.then(|| drift(off, state.rate));
    Some(Correction { time, drift })
}

/// The rate that plays a difference away, and for how long.
fn drift(off: f64, rate: f64) -> (f64, f64) {
    let most = MOST * rate;
    let seconds = GENTLE.max(off.abs() / most);
    (rate - (off / seconds).clamp(-most, most), seconds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::watch::PlaybackCommand;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_micros(millis * 1000)
    }

    fn playing() -> Playback {
        Playback::new(at(0)).apply(PlaybackCommand::Play(100.0), at(0), Duration::ZERO).unwrap()
    }

    /// The room is at 110 at the tenth second; the player is so far off there.
    fn off(seconds: f64) -> Option<Correction> {
        let player = PlayerPosition { time: 110.0 + seconds, held_at: Some(at(10_000)) };
        correction(&playing(), player, at(10_200))
    }

    #[test]
    fn a_player_is_left_alone_below_40_ms_drifts_up_to_2_s_and_jumps_above() {
        assert_eq!(off(0.039), None);
        assert_eq!(off(-0.039), None);
        let near = off(0.05).unwrap();
        let is_drift = |correction: Correction, rate: f64, seconds: f64| {
            let (got, lasts) = correction.drift.unwrap();
            (got - rate).abs() < 1e-9 && (lasts - seconds).abs() < 1e-9
        };
        assert!(near.time == 110.2 && is_drift(near, 0.975, 2.0), "{near:?}");
        assert!(is_drift(off(-1.5).unwrap(), 1.05, 30.0));
        assert_eq!(off(2.1).unwrap(), Correction { time: 110.2, drift: None });
    }

    /// Played at the rate for as long as is said, every difference is gone.
    #[test]
    fn a_drift_ends_where_the_room_is_and_is_never_heard() {
        for step in 41..=2000_i32 {
            for off_by in [f64::from(step) / 1000.0, f64::from(-step) / 1000.0] {
                let (rate, seconds) = off(off_by).unwrap().drift.unwrap();
                assert!((0.95..=1.05).contains(&rate), "{rate}");
                assert!((off_by + (rate - 1.0) * seconds).abs() < 1e-9, "{off_by}: {rate} for {seconds}");
            }
        }
    }

    #[test]
    fn who_does_not_know_our_time_is_corrected_only_when_far_off() {
        let coarse = |time| correction(&playing(), PlayerPosition { time, held_at: None }, at(10_000));
        assert_eq!(coarse(111.9), None);
        assert_eq!(coarse(112.1).unwrap().drift, None);
        let wrong = PlayerPosition { time: 111.0, held_at: Some(at(40_000)) };
        assert_eq!(
            correction(&playing(), wrong, at(10_000)),
            None,
            "a clock that is far off is not believed"
        );
    }

    #[test]
    fn a_paused_player_jumps_and_one_that_is_early_for_a_command_is_left_alone() {
        let paused = playing().apply(PlaybackCommand::Pause(50.0), at(5000), Duration::ZERO).unwrap();
        let player = PlayerPosition { time: 50.2, held_at: Some(at(10_000)) };
        assert_eq!(correction(&paused, player, at(10_000)), Some(Correction { time: 50.0, drift: None }));
        let soon = playing().apply(PlaybackCommand::Seek(9.0), at(10_000), Duration::from_secs(1)).unwrap();
        assert_eq!(correction(&soon, player, at(10_500)), None);
    }
}
