//! Which part of a medium a `Range` header asks for (RFC 9110, section 14).

use std::ops::RangeInclusive;

/// What to answer to a request for a medium of known size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ByteRange {
    /// All of it: there is no range, or one that may be ignored (another unit, several ranges, bad syntax).
    Whole,
    /// These positions, both included and within the size.
    Part(RangeInclusive<u64>),
    /// Nothing of it lies in the range.
    Unsatisfiable,
}

impl ByteRange {
    /// Reads the header for a medium of `size` bytes.
    pub fn parse(header: Option<&str>, size: u64) -> Self {
        let spec = header.and_then(|header| header.trim().strip_prefix("bytes="));
        let Some((first, last)) = spec.and_then(|spec| spec.trim().split_once('-')) else {
            return Self::Whole;
        };
        match (position(first), position(last)) {
            (Position::Missing, Position::At(suffix)) => Self::suffix(suffix, size),
            (Position::At(first), Position::Missing) => Self::between(first, u64::MAX, size),
            (Position::At(first), Position::At(last)) if first <= last => Self::between(first, last, size),
            _ => Self::Whole,
        }
    }

    fn suffix(length: u64, size: u64) -> Self {
        if length == 0 || size == 0 {
            return Self::Unsatisfiable;
        }
        Self::Part(size.saturating_sub(length)..=size - 1)
    }

    fn between(first: u64, last: u64, size: u64) -> Self {
        if first >= size { Self::Unsatisfiable } else { Self::Part(first..=last.min(size - 1)) }
    }
}

enum Position {
    Missing,
    At(u64),
    Bad,
}

/// A position that is too large for 64 bits lies beyond every medium.
fn position(text: &str) -> Position {
    match text {
        "" => Position::Missing,
        _ if text.bytes().all(|b| b.is_ascii_digit()) => Position::At(text.parse().unwrap_or(u64::MAX)),
        _ => Position::Bad,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_cut_to_the_size() {
        let part = |header| ByteRange::parse(Some(header), 100);
        assert_eq!(part("bytes=0-9"), ByteRange::Part(0..=9));
        assert_eq!(part("bytes=90-200"), ByteRange::Part(90..=99));
        assert_eq!(part("bytes=90-"), ByteRange::Part(90..=99));
        assert_eq!(part("bytes=-10"), ByteRange::Part(90..=99));
        assert_eq!(part("bytes=-1000"), ByteRange::Part(0..=99));
    }

    #[test]
    fn what_lies_outside_is_unsatisfiable() {
        for header in ["bytes=100-", "bytes=100-200", "bytes=-0", "bytes=99999999999999999999999-"] {
            assert_eq!(ByteRange::parse(Some(header), 100), ByteRange::Unsatisfiable, "{header}");
        }
        assert_eq!(ByteRange::parse(Some("bytes=-5"), 0), ByteRange::Unsatisfiable);
    }

    #[test]
    fn what_cannot_be_read_is_ignored() {
        for header in ["items=0-1", "bytes=9-0", "bytes=a-b", "bytes=0-1,3-4", "bytes=", "bytes=-", "0-1"] {
            assert_eq!(ByteRange::parse(Some(header), 100), ByteRange::Whole, "{header}");
        }
        assert_eq!(ByteRange::parse(None, 100), ByteRange::Whole);
    }
}
