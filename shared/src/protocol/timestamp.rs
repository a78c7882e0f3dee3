//! Moments in time, as the wire writes them.

use std::fmt;
use std::time::Duration;

use serde::{Serialize, Serializer};
use time::OffsetDateTime;

use crate::openapi_macros::ToSchema;

/// A moment: microseconds since 1970-01-01T00:00:00Z. Stored as that number, shown as RFC 3339.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, ToSchema)]
#[schema(value_type = String, format = DateTime, description = "A moment, as RFC 3339 writes it.")]
pub struct Timestamp(i64);

const MICROS: i64 = 1_000_000;

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
        let moment = OffsetDateTime::from_unix_timestamp(self.as_secs()).map_err(|_| fmt::Error)?;
        let (year, month, day) = moment.to_calendar_date();
        let (hour, minute, second) = moment.to_hms();
        let (month, micros) = (u8::from(month), self.0.rem_euclid(MICROS));
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micros:06}+00:00")
    }
}

/// Serialized as the wire writes it; items store [`Timestamp::as_micros`] instead.
impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
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
}
