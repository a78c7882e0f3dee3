//! When the feed's heartbeat is due: at whole multiples of its interval since 1970, so that everyone who plans comes to the
//! same moments, and whoever claims a moment sends its beat, and nobody twice. A beat is named by its moment, not by its
//! number, so that another interval after a restart makes later beats, never earlier ones.

use std::time::Duration;

use crate::protocol::Timestamp;

/// How far ahead beats are planned. The schedule comes once a minute but at any second of it, so that two of its visits
/// can lie nearly two minutes apart.
pub const HORIZON: Duration = Duration::from_secs(120);

/// The moments of the beats after `from` and not after `to`.
pub fn beats(from: Timestamp, to: Timestamp, interval: Duration) -> impl Iterator<Item = Timestamp> {
    let interval = micros(interval);
    let (first, last) = (from.as_micros().div_euclid(interval) + 1, to.as_micros().div_euclid(interval));
    (first..=last).map(move |number| Timestamp::from_micros(number.saturating_mul(interval)))
}

/// Whether a beat is to be sent: it is one of this interval's, and the next one has not come.
pub fn is_due(beat: Timestamp, now: Timestamp, interval: Duration) -> bool {
    beat.as_micros() % micros(interval) == 0 && now.since(beat) < interval
}

fn micros(interval: Duration) -> i64 {
    i64::try_from(interval.as_micros()).unwrap_or(i64::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEN: Duration = Duration::from_secs(10);

    fn planned(from: i64, to: i64) -> Vec<i64> {
        beats(Timestamp::from_secs(from), Timestamp::from_secs(to), TEN).map(Timestamp::as_secs).collect()
    }

    #[test]
    fn a_minute_has_six_beats_and_neighbouring_spans_share_none() {
        assert_eq!(planned(1000, 1060), [1010, 1020, 1030, 1040, 1050, 1060]);
        assert_eq!(planned(1060, 1120)[0], 1070);
        assert!(planned(1001, 1009).is_empty() && planned(1009, 1001).is_empty());
    }

    #[test]
    fn a_beat_is_due_until_the_next_one_comes() {
        let due = |beat, now| is_due(Timestamp::from_secs(beat), Timestamp::from_secs(now), TEN);
        assert!(due(1010, 1009) && due(1010, 1010) && due(1010, 1019));
        assert!(!due(1010, 1020));
        assert!(!due(1011, 1011), "planned for another interval");
    }
}
