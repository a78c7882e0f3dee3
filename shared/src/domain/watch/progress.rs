//! How far somebody has watched something.

use serde::{Deserialize, Serialize};

use crate::protocol::PlayerEvent;

/// From which part on something counts as watched to its end, in percent: credits are seldom watched.
const WATCHED: f64 = 95.0;

/// How far somebody has watched something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// The position in seconds.
    pub position: f64,
    /// How long it is, in seconds; 0 if that is not known.
    pub duration: f64,
    /// How much of it has been watched, in percent.
    pub percent: f64,
    /// Whether it has been watched to its end.
    pub completed: bool,
}

impl Progress {
    /// From what is known of it. What is not said follows from the rest.
    pub fn new(position: f64, duration: Option<f64>, percent: Option<f64>, completed: Option<bool>) -> Self {
        let duration = duration.unwrap_or(0.0);
        let played = if duration > 0.0 { position / duration * 100.0 } else { 0.0 };
        let percent = percent.unwrap_or(played).clamp(0.0, 100.0);
        Self { position, duration, percent, completed: completed.unwrap_or(percent >= WATCHED) }
    }

    /// What a player may say nothing after for long, if that is what happens in it.
    pub fn turn(event: &PlayerEvent) -> Option<&'static str> {
        ["pause", "seeked", "ended"].into_iter().find(|turn| *turn == event.event)
    }

    /// From what happens in a player; none if it does not say where it is.
    pub fn of_event(event: &PlayerEvent, known_duration: Option<f64>) -> Option<Self> {
        let has_ended = (event.event == "ended").then_some(true);
        let duration = event.duration.or(known_duration);
        let position = event.current_time.or(duration.filter(|_| has_ended.is_some()))?;
        Some(Self::new(position, duration, event.progress, has_ended))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(name: &str, current_time: Option<f64>, progress: Option<f64>) -> PlayerEvent {
        PlayerEvent { event: name.into(), current_time, duration: Some(200.0), progress, item: None }
    }

    #[test]
    fn what_a_player_does_not_say_follows_from_what_it_says() {
        let half = Progress { position: 100.0, duration: 200.0, percent: 50.0, completed: false };
        assert_eq!(Progress::of_event(&event("timeupdate", Some(100.0), None), None), Some(half));
        assert_eq!(Progress::of_event(&event("timeupdate", None, Some(50.0)), None), None);
        let end = Progress { position: 200.0, duration: 200.0, percent: 100.0, completed: true };
        assert_eq!(Progress::of_event(&event("ended", None, None), None), Some(end));
        assert!(Progress::of_event(&event("pause", Some(191.0), None), None).unwrap().completed);
    }

    #[test]
    fn percents_stay_within_a_hundred() {
        assert_eq!(Progress::new(500.0, Some(200.0), None, None).percent, 100.0);
        assert_eq!(Progress::new(5.0, None, None, None).percent, 0.0);
        assert_eq!(Progress::new(5.0, None, Some(1e9), Some(false)).percent, 100.0);
    }
}
