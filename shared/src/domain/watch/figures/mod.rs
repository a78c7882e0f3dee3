//! What a file of sound or film says of itself, read from a few of its bytes.

mod hls;
mod mp3;
mod mp4;
mod webm;

pub use self::hls::Playlist;

/// The longest duration that is believed, in seconds: a week.
const LONGEST: f64 = 7.0 * 24.0 * 3600.0;

/// What is known of something to watch.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Figures {
    /// Its title.
    pub title: Option<String>,
    /// Its length in seconds.
    pub duration: Option<f64>,
    /// The URL of a picture of it.
    pub poster: Option<String>,
}

/// What the bytes that were read so far tell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Step {
    /// It is so long, in seconds.
    Known(f64),
    /// The bytes from here on tell more.
    ReadAt(u64),
    /// Nothing.
    Unknown,
}

/// What some bytes of a file are read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// MP4 and QuickTime.
    Mp4,
    /// WebM and Matroska.
    WebM,
    /// MPEG audio.
    Mp3,
    /// A playlist of HTTP Live Streaming.
    Hls,
}

impl Format {
    /// The format of a file that begins so.
    pub fn of(beginning: &[u8]) -> Option<Self> {
        let is_mp3 = beginning.starts_with(b"ID3") || mp3::is_frame(beginning);
        match beginning {
            [0x1a, 0x45, 0xdf, 0xa3, ..] => Some(Self::WebM),
            [_, _, _, _, b'f', b't', b'y', b'p', ..] => Some(Self::Mp4),
            _ if beginning.starts_with(b"#EXTM3U") => Some(Self::Hls),
            _ if is_mp3 => Some(Self::Mp3),
            _ => None,
        }
    }

    /// What the bytes from `at` on tell of a file that is so large, if that is known.
    pub fn step(self, at: u64, bytes: &[u8], size: Option<u64>) -> Step {
        let step = match self {
            Self::Mp4 => mp4::step(at, bytes),
            Self::WebM => webm::step(bytes),
            Self::Mp3 => mp3::step(at, bytes, size),
            Self::Hls => Step::Unknown,
        };
        match step {
            Step::Known(seconds) => believable(seconds).map_or(Step::Unknown, Step::Known),
            step => step,
        }
    }
}

fn believable(seconds: f64) -> Option<f64> {
    Some(seconds).filter(|seconds| seconds.is_finite() && *seconds > 0.0 && *seconds <= LONGEST)
}

/// A number of so many bytes, the first one the largest.
fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_how_they_begin() {
        assert_eq!(Format::of(b"\0\0\0\x18ftypmp42"), Some(Format::Mp4));
        assert_eq!(Format::of(b"\x1a\x45\xdf\xa3\x9f"), Some(Format::WebM));
        assert_eq!(Format::of(b"ID3\x04\0\0"), Some(Format::Mp3));
        assert_eq!(Format::of(&[0xff, 0xfb, 0x90, 0x00]), Some(Format::Mp3));
        assert_eq!(Format::of(b"#EXTM3U\n"), Some(Format::Hls));
        for other in [&b"<!doctype html>"[..], b"", b"\x89PNG", b"RIFF"] {
            assert_eq!(Format::of(other), None);
        }
    }

    #[test]
    fn absurd_lengths_are_not_believed() {
        for seconds in [f64::NAN, f64::INFINITY, -1.0, 0.0, LONGEST + 1.0] {
            assert_eq!(believable(seconds), None);
        }
    }

    #[test]
    fn no_bytes_make_a_reader_fail() {
        let mut seed = 7u64;
        let mut bytes = [0; 300];
        for round in 0..2000 {
            for byte in &mut bytes {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                *byte = seed.to_be_bytes()[0];
            }
            // Half of them begin like something.
            let beginnings =
                [&b"\0\0\0\x08moov"[..], b"\x1a\x45\xdf\xa3\x15\x49\xa9\x66", b"ID3", b"\xff\xfb\x90"];
            if round % 2 == 0 {
                let beginning = beginnings[round / 2 % beginnings.len()];
                bytes[..beginning.len()].copy_from_slice(beginning);
            }
            for format in [Format::Mp4, Format::WebM, Format::Mp3] {
                format.step(u64::MAX - 10, &bytes[..round % 300], Some(5));
            }
        }
    }
}
