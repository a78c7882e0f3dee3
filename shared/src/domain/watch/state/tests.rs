//! Properties of positions and time.

use super::*;
use crate::domain::watch::Source;
use crate::ids::UserId;

const AT_ONCE: Duration = Duration::ZERO;

fn at(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros)
}

fn secs(seconds: i64) -> Timestamp {
    Timestamp::from_secs(seconds)
}

fn film(duration: Option<f64>) -> WatchItem {
    let source = Source { provider: "url".into(), video_id: "https://example.org/film.mp4".into() };
    WatchItem { id: "film".into(), source, title: None, duration, poster: None, added_by: UserId(1) }
}

/// Numbers that look like chance, the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    fn position(&mut self) -> f64 {
        self.below(10_000_000_000) as f64 / 1e6
    }

    fn command(&mut self) -> PlaybackCommand {
        match self.below(4) {
            0 => PlaybackCommand::Play(self.position()),
            1 => PlaybackCommand::Pause(self.position()),
            2 => PlaybackCommand::Seek(self.position()),
            _ => PlaybackCommand::SetRate([0.25, 0.5, 1.0, 1.25, 2.0][self.below(5) as usize]),
        }
    }
}

#[test]
fn a_position_advances_while_it_plays_and_rests_while_it_does_not() {
    let playing = Playback::new(secs(0)).apply(PlaybackCommand::Play(10.0), secs(1), AT_ONCE).unwrap();
    assert_eq!(playing.position_at(at(3_500_000)), 12.5);
    let paused = playing.apply(PlaybackCommand::Pause(12.5), at(3_500_000), AT_ONCE).unwrap();
    assert_eq!((paused.position_at(secs(99)), paused.version), (12.5, 2));
}

#[test]
fn seeking_keeps_whether_it_plays_and_another_rate_keeps_the_position() {
    let playing = Playback::new(secs(0)).apply(PlaybackCommand::Play(0.0), secs(0), AT_ONCE).unwrap();
    let sought = playing.apply(PlaybackCommand::Seek(60.0), at(500_000), AT_ONCE).unwrap();
    assert!(sought.is_playing && sought.position == 60.0);
    let faster = sought.apply(PlaybackCommand::SetRate(2.0), at(1_500_000), AT_ONCE).unwrap();
    assert_eq!((faster.position, faster.position_at(at(2_500_000))), (61.0, 63.0));
    let rested = Playback::new(secs(0)).apply(PlaybackCommand::Seek(5.0), secs(9), AT_ONCE).unwrap();
    assert!(!rested.is_playing);
}

#[test]
fn what_cannot_be_changes_nothing() {
    let state = Playback::new(secs(0));
    for time in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.5, 1e12] {
        for command in
            [PlaybackCommand::Play(time), PlaybackCommand::Pause(time), PlaybackCommand::Seek(time)]
        {
            assert_eq!(state.apply(command, secs(1), AT_ONCE), None, "{command:?}");
        }
    }
    for rate in [f64::NAN, 0.0, 0.2, 2.1, -1.0] {
        assert_eq!(state.apply(PlaybackCommand::SetRate(rate), secs(1), AT_ONCE), None);
    }
}

#[test]
fn what_plays_begins_at_its_instant_and_what_stops_stops_at_once() {
    let lead = Duration::from_millis(300);
    let playing = Playback::new(secs(0)).apply(PlaybackCommand::Play(10.0), secs(5), lead).unwrap();
    assert_eq!(playing.starts_at(secs(5)), Some(at(5_300_000)));
    assert_eq!((playing.position_at(secs(5)), playing.position_at(at(5_300_000))), (10.0, 10.0));
    assert_eq!((playing.position_at(at(6_300_000)), playing.starts_at(secs(6))), (11.0, None));
    let faster = playing.apply(PlaybackCommand::SetRate(2.0), secs(6), lead).unwrap();
    assert_eq!((faster.position, faster.position_at(at(7_300_000))), (11.0, 13.0));
    let paused = playing.apply(PlaybackCommand::Pause(11.0), secs(6), lead).unwrap();
    assert_eq!((paused.at, paused.starts_at(secs(6))), (secs(6), None));
}

#[test]
fn a_position_ends_with_its_item() {
    let state = Playback::new(secs(0)).with_item(film(Some(90.0)), true, secs(0), AT_ONCE);
    assert_eq!((state.position_at(secs(89)), state.position_at(secs(500))), (89.0, 90.0));
    assert_eq!(state.apply(PlaybackCommand::Seek(100.0), secs(1), AT_ONCE).unwrap().position, 90.0);
    let endless = state.with_item(film(None), true, secs(0), AT_ONCE);
    assert_eq!((endless.version, endless.position_at(secs(500))), (2, 500.0));
}

/// Whatever is done, time never runs backwards while it plays.
#[test]
fn time_never_runs_backwards_while_it_plays() {
    let mut chance = Chance(1);
    for _ in 0..2000 {
        let lead = Duration::from_micros(chance.below(1_000_000));
        let mut state = Playback::new(secs(0)).with_item(film(Some(5000.0)), false, secs(0), AT_ONCE);
        for _ in 0..5 {
            state = state.apply(chance.command(), secs(10), lead).unwrap();
        }
        let (mut now, mut last) = (secs(10), 0.0);
        for _ in 0..50 {
            now = now.plus(Duration::from_micros(chance.below(3_000_000)));
            let position = state.position_at(now);
            assert!(position >= last || !state.is_playing, "{position} after {last}");
            last = position;
        }
    }
}

/// Pausing where one is and playing on from there loses and gains nothing, however often.
#[test]
fn pausing_and_playing_on_is_exact_to_the_microsecond() {
    let mut chance = Chance(2);
    let mut now = secs(1_700_000_000);
    let mut state = Playback::new(now).apply(PlaybackCommand::Play(0.0), now, AT_ONCE).unwrap();
    let mut played = 0;
    for _ in 0..10_000 {
        let micros = chance.below(2_000_000);
        now = now.plus(Duration::from_micros(micros));
        played += micros;
        state = state.apply(PlaybackCommand::Pause(state.position_at(now)), now, AT_ONCE).unwrap();
        now = now.plus(Duration::from_micros(chance.below(2_000_000)));
        state = state.apply(PlaybackCommand::Play(state.position_at(now)), now, AT_ONCE).unwrap();
    }
    assert_eq!((state.position * 1e6).round() as u64, played);
}

/// However states are delivered, late, twice, out of order: a client that takes only newer versions has the last one.
#[test]
fn every_order_of_deliveries_leads_to_the_same_state() {
    let mut chance = Chance(3);
    for _ in 0..500 {
        let mut states = vec![Playback::new(secs(0))];
        for step in 1..20 {
            let lead = Duration::from_millis(chance.below(1000));
            let last = states.last().unwrap();
            states.push(last.apply(chance.command(), secs(step), lead).unwrap());
        }
        let last = states.last().unwrap();
        let mut held = states[0].clone();
        let mut late: Vec<usize> = (0..20).chain(0..20).collect();
        while !late.is_empty() {
            let index = usize::try_from(chance.below(late.len() as u64)).unwrap();
            let told = &states[late.swap_remove(index)];
            if told.version > held.version {
                held = told.clone();
            }
        }
        assert_eq!(&held, last);
        assert_eq!(held.version, 19);
    }
}

#[test]
fn what_is_fresh_waits_until_it_is_opened_and_what_goes_on_does_not() {
    let state = Playback::new(secs(0)).with_item(film(None), false, secs(0), AT_ONCE);
    let waiting = state.apply(PlaybackCommand::Play(0.0), secs(1), AT_ONCE).unwrap().gated(secs(9));
    assert_eq!((waiting.waits_until, waiting.position_at(secs(5))), (Some(secs(9)), 0.0));
    let open = waiting.opened(secs(4), Duration::from_secs(1)).unwrap();
    assert_eq!((open.version, open.position_at(secs(7)), open.waits_until), (3, 2.0, None));
    assert_eq!(open.opened(secs(8), AT_ONCE), None);
    let paused = open.apply(PlaybackCommand::Pause(2.0), secs(7), AT_ONCE).unwrap().gated(secs(99));
    let on = paused.apply(PlaybackCommand::Play(2.0), secs(8), AT_ONCE).unwrap().gated(secs(99));
    assert_eq!((paused.waits_until, on.waits_until), (None, None));
    let sought = on.apply(PlaybackCommand::Seek(50.0), secs(9), AT_ONCE).unwrap().gated(secs(17));
    assert_eq!((sought.is_playing, sought.waits_until), (true, Some(secs(17))));
}
