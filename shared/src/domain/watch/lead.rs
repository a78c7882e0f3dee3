//! How far ahead a command takes effect: as long as it takes to reach the slowest viewer.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::ids::UserId;
use crate::protocol::{Timestamp, timestamp};

/// The shortest lead, where any viewer's latency is known.
pub const MIN_LEAD: Duration = Duration::from_millis(150);
/// The longest: nobody makes a room wait for more.
pub const MAX_LEAD: Duration = Duration::from_secs(1);
/// How long a measurement counts. Viewers measure each second, so that one who has left is forgotten soon.
const COUNTS_FOR: Duration = Duration::from_secs(60);
/// How often one viewer's measurement is written down, unless it is much slower than the last.
const NOTED_EVERY: Duration = Duration::from_secs(20);
/// A clock that differs more from ours than this measures nothing.
const BELIEVED: Duration = Duration::from_secs(5);
/// How much slower.
const MUCH: Duration = Duration::from_millis(50);

/// How long a message takes to or from the slowest viewer, as measured last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lag {
    /// The viewer.
    pub user: UserId,
    /// How long, in microseconds.
    pub micros: u64,
    /// When it was measured.
    #[serde(with = "timestamp::micros")]
    pub at: Timestamp,
}

impl Lag {
    /// From when a message was sent, in our own time as its sender knows it, and when it came; none if the sender can't know
    /// our time.
    pub fn measured(user: UserId, sent_at: Timestamp, received_at: Timestamp) -> Option<Self> {
        let took = received_at.since(sent_at);
        let is_believable = took.max(sent_at.since(received_at)) <= BELIEVED;
        let micros = u64::try_from(took.as_micros()).ok()?;
        is_believable.then_some(Self { user, micros, at: received_at })
    }

    fn counts(&self, now: Timestamp) -> bool {
        now.since(self.at) < COUNTS_FOR
    }

    fn duration(&self) -> Duration {
        Duration::from_micros(self.micros)
    }
}

/// Whether a new measurement is to take the place of the one that is kept: the slowest viewer's, renewed now and then.
pub fn worth_noting(kept: Option<&Lag>, new: &Lag) -> bool {
    let Some(kept) = kept.filter(|kept| kept.counts(new.at)) else { return true };
    let is_slower = new.duration() > kept.duration() + MUCH;
    is_slower || (kept.user == new.user && new.at.since(kept.at) >= NOTED_EVERY)
}

/// How far ahead a command takes effect. Where nobody measures, at once.
pub fn lead(slowest: Option<&Lag>, now: Timestamp) -> Duration {
    match slowest.filter(|lag| lag.counts(now)) {
        Some(lag) => lag.duration().clamp(MIN_LEAD, MAX_LEAD),
        None => Duration::ZERO,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_micros(millis * 1000)
    }

    fn lag(user: u64, millis: u64, measured: i64) -> Lag {
        Lag { user: UserId(user), micros: millis * 1000, at: at(measured) }
    }

    #[test]
    fn the_lead_is_the_slowest_viewers_latency_within_bounds() {
        assert_eq!(lead(Some(&lag(1, 400, 0)), at(0)), Duration::from_millis(400));
        assert_eq!(lead(Some(&lag(1, 3, 0)), at(0)), MIN_LEAD);
        assert_eq!(lead(Some(&lag(1, 9000, 0)), at(0)), MAX_LEAD);
        assert_eq!(lead(None, at(0)), Duration::ZERO);
        assert_eq!(lead(Some(&lag(1, 400, 0)), at(60_000)), Duration::ZERO);
    }

    #[test]
    fn latency_is_measured_in_our_own_time_and_is_never_negative() {
        let measured = |sent, received| Lag::measured(UserId(1), at(sent), at(received));
        assert_eq!(measured(1000, 1250), Some(lag(1, 250, 1250)));
        assert_eq!(measured(2000, 1250), Some(lag(1, 0, 1250)));
        assert_eq!((measured(0, 5001), measured(5001, 0)), (None, None));
    }

    #[test]
    fn the_slowest_is_kept_and_renewed_now_and_then() {
        let kept = lag(1, 300, 0);
        assert!(worth_noting(None, &kept));
        assert!(
            !worth_noting(Some(&kept), &lag(2, 200, 100)) && !worth_noting(Some(&kept), &lag(2, 320, 100))
        );
        assert!(worth_noting(Some(&kept), &lag(2, 400, 100)));
        assert!(
            !worth_noting(Some(&kept), &lag(1, 100, 19_999))
                && worth_noting(Some(&kept), &lag(1, 100, 20_000))
        );
        assert!(worth_noting(Some(&kept), &lag(2, 10, 60_000)), "who has left is forgotten");
    }
}
