//! Moments in time, as the wire writes them.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use time::{Date, Month, OffsetDateTime};

use crate::openapi_macros::ToSchema;

/// A moment: microseconds since 1970-01-01T00:00:00Z. Stored as that number, shown as RFC 3339.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, ToSchema)]
#[schema(value_type = String, format = DateTime, description = "A moment, as RFC 3339 writes it.")]
pub struct Timestamp(i64);

const MICROS: i64 = 1_000_000;
/// The number of 1970-01-01 among Julian days.
const UNIX_EPOCH_JULIAN_DAY: i32 = 2_440_588;

impl Timestamp {
    /// From whole seconds since 1970.
    pub const fn from_secs(seconds: i64) -> Self {
        Self(seconds.saturating_mul(MICROS))
    }

    /// From microseconds since 1970.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Whole seconds since 1970, rounded down: the unit of expiry in tables and tokens.
    pub const fn as_secs(self) -> i64 {
        self.0.div_euclid(MICROS)
    }

    /// Milliseconds since 1970: the unit of API Gateway's events.
    pub const fn as_millis(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// Microseconds since 1970.
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// This moment plus a duration.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)))
    }

    /// How long after `earlier` this is; zero if it isn't after it.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

/// RFC 3339 with six fractional digits and `+00:00`: `2025-02-15T17:07:32.256110+00:00`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.written().ok_or(fmt::Error)?;
        f.write_str(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}

impl Timestamp {
    /// Digit by digit: each event that is told has a moment in it, and formatting the two of a pong was 2.5 % of all that a
    /// ping costs. None beyond the years of four digits.
    fn written(self) -> Option<[u8; 32]> {
        let moment = OffsetDateTime::from_unix_timestamp(self.as_secs()).ok()?;
        let (year, month, day) = moment.to_calendar_date();
        let (hour, minute, second) = moment.to_hms();
        let mut text = *b"0000-00-00T00:00:00.000000+00:00";
        put_digits(&mut text[..4], u32::try_from(year).ok()?);
        let pairs = [u8::from(month), day, hour, minute, second];
        for (place, number) in [5, 8, 11, 14, 17].into_iter().zip(pairs) {
            put_digits(&mut text[place..place + 2], number.into());
        }
        put_digits(&mut text[20..26], u32::try_from(self.0.rem_euclid(MICROS)).ok()?);
        Some(text)
    }
}

/// The last digits of a number, as many as there is room for.
fn put_digits(room: &mut [u8], mut number: u32) {
    for place in room.iter_mut().rev() {
        *place = b'0' + (number % 10) as u8;
        number /= 10;
    }
}

/// A text is no moment in RFC 3339.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a moment in RFC 3339")]
pub struct InvalidTimestamp;

/// RFC 3339 with any offset and any fraction, of which microseconds are kept. No second is the 60th.
impl FromStr for Timestamp {
    type Err = InvalidTimestamp;

    fn from_str(text: &str) -> Result<Self, InvalidTimestamp> {
        moment(text).ok_or(InvalidTimestamp)
    }
}

fn moment(text: &str) -> Option<Timestamp> {
    let (date, clock) = text.split_once(['T', 't', ' '])?;
    let (clock, offset) = clock.split_at(clock.find(['Z', 'z', '+', '-'])?);
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let [hour, minute, second] = numbers(clock, ':', [2, 2, 2])?;
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    let date = Date::from_calendar_date(year, month, u8::try_from(day).ok()?).ok()?;
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let days = i64::from(date.to_julian_day()) - i64::from(UNIX_EPOCH_JULIAN_DAY);
    let seconds = days * 86_400 + i64::from(hour * 3600 + minute * 60 + second) - offset_seconds(offset)?;
    Some(Timestamp(seconds * MICROS + micros_of(fraction)?))
}

fn offset_seconds(offset: &str) -> Option<i64> {
    if offset.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let (sign, offset) = offset.split_at_checked(1)?;
    let [hours, minutes] = numbers(offset, ':', [2, 2])?;
    let seconds = i64::from(hours * 3600 + minutes * 60);
    (hours < 24 && minutes < 60).then_some(if sign == "-" { -seconds } else { seconds })
}

fn micros_of(fraction: &str) -> Option<i64> {
    let known = fraction.get(..fraction.len().min(6))?;
    let digits = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| format!("{known:0<6}").parse().ok())?
}

/// Numbers of so many digits each.
fn numbers<const N: usize>(text: &str, between: char, digits: [usize; N]) -> Option<[i32; N]> {
    let mut parts = text.split(between);
    let mut numbers = [0; N];
    for (number, digits) in numbers.iter_mut().zip(digits) {
        let part = parts.next().filter(|part| part.len() == digits)?;
        *number = part.parse().ok().filter(|_| part.bytes().all(|byte| byte.is_ascii_digit()))?;
    }
    parts.next().is_none().then_some(numbers)
}

/// Serialized as the wire writes it; items store [`Timestamp::as_micros`] instead.
impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.written().ok_or_else(|| S::Error::custom("no moment that can be written"))?;
        serializer.serialize_str(std::str::from_utf8(&text).map_err(S::Error::custom)?)
    }
}

/// How items store a moment: `#[serde(with = "timestamp::micros")]`.
pub mod micros {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::Timestamp;

    /// Writes [`Timestamp::as_micros`].
    pub fn serialize<S: Serializer>(moment: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        moment.as_micros().serialize(serializer)
    }

    /// Reads microseconds since 1970.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        i64::deserialize(deserializer).map(Timestamp::from_micros)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_with_six_digits_and_an_offset() {
        let shown = |micros| Timestamp::from_micros(micros).to_string();
        assert_eq!(shown(1_739_639_252_256_110), "2025-02-15T17:07:32.256110+00:00");
        assert_eq!(shown(0), "1970-01-01T00:00:00.000000+00:00");
        assert_eq!(shown(951_782_400_000_000), "2000-02-29T00:00:00.000000+00:00");
        assert_eq!(shown(4_107_542_399_999_999), "2100-02-28T23:59:59.999999+00:00");
        assert_eq!(shown(-1), "1969-12-31T23:59:59.999999+00:00");
    }

    #[test]
    fn times_are_read_with_any_offset_and_fraction() {
        let read = |text: &str| text.parse().map(Timestamp::as_micros);
        let moment = 1_739_639_252_256_110;
        for text in [
            "2025-02-15T17:07:32.256110+00:00",
            "2025-02-15t17:07:32.2561109999z",
            "2025-02-15 17:07:32.25611Z",
            "2025-02-15T19:07:32.25611+02:00",
            "2025-02-15T11:37:32.25611-05:30",
        ] {
            assert_eq!(read(text), Ok(moment), "{text}");
        }
        assert_eq!(read("1969-12-31T23:59:59.999999Z"), Ok(-1));
        assert_eq!(read("2000-02-29T00:00:00Z"), Ok(951_782_400_000_000));
        for micros in [i64::from(i32::MIN), 0, moment, 4_107_542_399_999_999] {
            assert_eq!(read(&Timestamp::from_micros(micros).to_string()), Ok(micros));
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "now",
            "2025-02-15",
            "2025-02-15T17:07:32",
            "2025-02-15T17:07Z",
            "2025-02-30T17:07:32Z",
            "2025-13-15T17:07:32Z",
            "2025-02-15T24:00:00Z",
            "2025-02-15T17:07:60Z",
            "2025-02-15T17:07:32.Z",
            "2025-02-15T17:07:32.é0Z",
            "2025-02-15T17:07:32+0200",
            "2025-02-15T17:07:32+25:00",
            "+025-02-15T17:07:32Z",
            "2025-02-15T17:07:32Z ",
            "99999-02-15T17:07:32Z",
        ] {
            assert_eq!(text.parse::<Timestamp>(), Err(InvalidTimestamp), "{text:?}");
        }
    }
}
