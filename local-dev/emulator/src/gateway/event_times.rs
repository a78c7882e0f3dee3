//! Moments as API Gateway writes them.

use std::cell::RefCell;

use parlor::protocol::Timestamp;
use smol_str::SmolStr;
use time::OffsetDateTime;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Common Log Format: `19/Feb/2024:07:11:42 +0000`.
pub(crate) fn common_log(moment: Timestamp) -> String {
    let moment = utc(moment);
    let month = MONTHS[usize::from(u8::from(moment.month()) - 1)];
    let (day, year) = (moment.day(), moment.year());
    let (hour, minute, second) = moment.to_hms();
    format!("{day:02}/{month}/{year:04}:{hour:02}:{minute:02}:{second:02} +0000")
}

/// The same for moments that come one after the other: a second is written once for all events of a thread in it.
pub(super) fn common_log_now(now: Timestamp) -> SmolStr {
    thread_local! {
        static LAST: RefCell<Option<(i64, SmolStr)>> = const { RefCell::new(None) };
    }
    LAST.with_borrow_mut(|last| match last {
        Some((second, text)) if *second == now.as_secs() => text.clone(),
        _ => last.insert((now.as_secs(), common_log(now).into())).1.clone(),
    })
}

/// ISO 8601 with milliseconds: `2020-11-15T12:23:14.726Z`.
pub(crate) fn iso(moment: Timestamp) -> String {
    let millis = moment.as_millis().rem_euclid(1000);
    let moment = utc(moment);
    let (year, month, day) = (moment.year(), u8::from(moment.month()), moment.day());
    let (hour, minute, second) = moment.to_hms();
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z")
}

/// A clock that is beyond what a calendar holds counts as not set.
fn utc(moment: Timestamp) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(moment.as_secs()).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_in_captured_events() {
        let moment = Timestamp::from_micros(1_708_326_702_789_123);
        assert_eq!(common_log(moment), "19/Feb/2024:07:11:42 +0000");
        for _ in 0..2 {
            assert_eq!(common_log_now(moment), common_log(moment));
            let later = moment.plus(std::time::Duration::from_secs(1));
            assert_eq!(common_log_now(later), "19/Feb/2024:07:11:43 +0000");
        }
        assert_eq!(iso(moment), "2024-02-19T07:11:42.789Z");
    }
}
