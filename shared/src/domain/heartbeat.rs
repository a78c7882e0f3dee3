//! When the feed's heartbeat is due. Time is cut into slots, so that whoever wins a slot sends its beat, and nobody twice.

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::protocol::Timestamp;

/// How far ahead beats are planned. The schedule comes once a minute but at any second of it, so that two of its visits
/// can lie nearly two minutes apart.
pub const HORIZON: Duration = Duration::from_secs(120);

/// The slots whose moment lies after `from` and not after `to`.
pub fn slots(from: Timestamp, to: Timestamp, interval: Duration) -> RangeInclusive<i64> {
    let interval = micros(interval);
    from.as_micros().div_euclid(interval) + 1..=to.as_micros().div_euclid(interval)
}

/// The moment of a slot.
pub fn moment(slot: i64, interval: Duration) -> Timestamp {
    Timestamp::from_micros(slot.saturating_mul(micros(interval)))
}

/// Whether a slot's moment has passed by so long that the next one has come.
pub fn is_stale(slot: i64, now: Timestamp, interval: Duration) -> bool {
    now.since(moment(slot, interval)) >= interval
}

fn micros(interval: Duration) -> i64 {
    i64::try_from(interval.as_micros()).unwrap_or(i64::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEN: Duration = Duration::from_secs(10);

    #[test]
    fn a_minute_has_six_slots_and_neighbouring_spans_share_none() {
        let at = Timestamp::from_secs;
        assert_eq!(slots(at(1000), at(1060), TEN), 101..=106);
        assert_eq!(slots(at(1060), at(1120), TEN), 107..=112);
        assert!(slots(at(1001), at(1009), TEN).is_empty());
    }

    #[test]
    fn a_slot_is_stale_once_the_next_one_has_come() {
        assert_eq!(moment(101, TEN), Timestamp::from_secs(1010));
        assert!(!is_stale(101, Timestamp::from_secs(1010), TEN));
        assert!(!is_stale(101, Timestamp::from_secs(1019), TEN));
        assert!(is_stale(101, Timestamp::from_secs(1020), TEN));
    }
}
