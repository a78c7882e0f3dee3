//! The roots of what the services of AWS are certified by.

/// From <https://www.amazontrust.com/repository/>. A test fails a year before the first of them ends.
pub(super) const AMAZON_ROOTS: &[u8] = include_bytes!("amazon_roots.pem");

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use time::{Date, Duration, Month, OffsetDateTime};

    use super::*;

    /// The bytes of each certificate.
    fn certificates() -> Vec<Vec<u8>> {
        let text = std::str::from_utf8(AMAZON_ROOTS).unwrap();
        let bodies = text.split("-----BEGIN CERTIFICATE-----").skip(1);
        let bodies = bodies.map(|rest| rest.split("-----END").next().unwrap().replace('\n', ""));
        bodies.map(|body| STANDARD.decode(body).unwrap()).collect()
    }

    /// The last day of a certificate: its validity is a sequence (0x30) of two times in UTC (0x17), `YYMMDDhhmmssZ`. Later
    /// than 2049 it would be spelled otherwise, and not be found here.
    fn last_day(certificate: &[u8]) -> Date {
        let is_validity =
            |bytes: &&[u8]| bytes.starts_with(b"\x30\x1e\x17\x0d") && bytes[17..].starts_with(b"\x17\x0d");
        let validity: Vec<_> = certificate.windows(32).filter(is_validity).collect();
        let [validity] = validity[..] else { panic!("{} validities", validity.len()) };
        let number = |at: usize| str::from_utf8(&validity[at..at + 2]).unwrap().parse::<u8>().unwrap();
        let month = Month::try_from(number(21)).unwrap();
        Date::from_calendar_date(2000 + i32::from(number(19)), month, number(23)).unwrap()
    }

    #[test]
    fn all_are_good_for_another_year() {
        let days: Vec<_> = certificates().iter().map(|certificate| last_day(certificate)).collect();
        assert_eq!(days.len(), 5);
        let in_a_year = OffsetDateTime::now_utc().date() + Duration::days(365);
        assert!(days.iter().all(|day| *day > in_a_year), "time for new roots, one ends soon: {days:?}");
    }

    #[test]
    fn their_last_days_are_read_as_openssl_reads_them() {
        let mut days: Vec<_> = certificates().iter().map(|certificate| last_day(certificate)).collect();
        days.sort_unstable();
        assert_eq!(days[..2], [(2037, Month::December, 31), (2038, Month::January, 17)].map(day));
    }

    fn day((year, month, day): (i32, Month, u8)) -> Date {
        Date::from_calendar_date(year, month, day).unwrap()
    }
}
