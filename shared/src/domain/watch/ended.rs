//! Whether what is watched has come to its end.

use super::Playback;
use crate::protocol::{PlayerEvent, Timestamp};

/// How far before the end a room may be when a player has reached it, in seconds.
const EARLY: f64 = 3.0;

/// Whether a player that says so has come to the end of what the room watches. One that names another item speaks of the
/// past. One that names none is believed where the room is near the end itself.
pub fn has_ended(state: &Playback, event: &PlayerEvent, now: Timestamp) -> bool {
    let Some(item) = &state.item else { return false };
    match &event.item {
        Some(named) => *named == item.id,
        None => {
            let end = item.duration.or(event.duration).or(event.current_time);
            end.is_some_and(|end| state.position_at(now) + EARLY >= end)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::domain::watch::{Source, WatchItem};
    use crate::ids::UserId;

    fn ended(item: Option<&str>, duration: Option<f64>) -> PlayerEvent {
        let item = item.map(str::to_owned);
        PlayerEvent { event: "ended".into(), current_time: None, duration, progress: None, item }
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_secs(seconds)
    }

    #[test]
    fn the_end_of_another_item_is_the_past() {
        let source = Source { provider: "url".into(), video_id: "https://example.org/".into() };
        let item = WatchItem {
            id: "b".into(),
            source,
            title: None,
            duration: None,
            poster: None,
            added_by: UserId(1),
        };
        let state = Playback::new(at(0));
        assert!(!has_ended(&state, &ended(None, Some(0.0)), at(0)), "there is nothing to end");
        let state = state.with_item(item, true, at(0), Duration::ZERO);
        assert!(has_ended(&state, &ended(Some("b"), None), at(1)));
        assert!(!has_ended(&state, &ended(Some("a"), None), at(1)));
        assert!(has_ended(&state, &ended(None, Some(60.0)), at(58)));
        assert!(!has_ended(&state, &ended(None, Some(60.0)), at(1)));
        assert!(!has_ended(&state, &ended(None, None), at(1)));
    }
}
