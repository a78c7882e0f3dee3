//! MPEG audio, layer 3: the first frame tells how many follow, or how many bytes a second takes.

use super::{Step, number};

/// Kilobits per second by their number in a frame's head.
const RATES_1: [u64; 15] = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const RATES_2: [u64; 15] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
/// Samples per second of version 1; version 2 has half of it, 2.5 a quarter.
const SAMPLES: [u64; 3] = [44_100, 48_000, 32_000];

/// How many frames have to be alike at least.
const FRAMES: usize = 4;

/// The head of a frame.
struct Head {
    is_version_1: bool,
    is_mono: bool,
    is_padded: bool,
    bits_per_second: u64,
    samples_per_second: u64,
}

impl Head {
    fn read(bytes: &[u8]) -> Option<Self> {
        let [0xff, second, third, fourth, ..] = bytes else { return None };
        let (version, layer) = (second >> 3 & 3, second >> 1 & 3);
        if second >> 5 != 7 || layer != 1 || version == 1 {
            return None;
        }
        let is_version_1 = version == 3;
        let rates = if is_version_1 { RATES_1 } else { RATES_2 };
        let bits = rates.get(usize::from(third >> 4)).filter(|rate| **rate > 0)? * 1000;
        let samples = SAMPLES.get(usize::from(third >> 2 & 3))?;
        let divided = match version {
            3 => 1,
            2 => 2,
            _ => 4,
        };
        let is_mono = fourth >> 6 == 3;
        let is_padded = third & 2 != 0;
        Some(Self {
            is_version_1,
            is_mono,
            is_padded,
            bits_per_second: bits,
            samples_per_second: samples / divided,
        })
    }

    fn samples_per_frame(&self) -> u64 {
        if self.is_version_1 { 1152 } else { 576 }
    }

    /// How many bytes the frame takes.
    fn length(&self) -> usize {
        let bytes = self.samples_per_frame() / 8 * self.bits_per_second / self.samples_per_second;
        usize::try_from(bytes).unwrap_or(usize::MAX).saturating_add(usize::from(self.is_padded))
    }

    /// Where in the frame `Xing` or `Info` stands, if it does.
    fn table(&self) -> usize {
        match (self.is_version_1, self.is_mono) {
            (true, false) => 36,
            (true, true) | (false, false) => 21,
            (false, true) => 13,
        }
    }
}

/// Whether bytes are the beginning of a frame.
pub(super) fn is_frame(bytes: &[u8]) -> bool {
    Head::read(bytes).is_some()
}

/// What the bytes from `at` on tell: tags before the first frame are passed over, since they may hold pictures.
pub(super) fn step(at: u64, bytes: &[u8], size: Option<u64>) -> Step {
    if let Some(tag) = tag_length(bytes) {
        return match usize::try_from(tag)
            .ok()
            .and_then(|tag| bytes.get(tag..))
            .filter(|rest| rest.len() > 200)
        {
            Some(rest) => frames(at.saturating_add(tag), rest, size),
            None => Step::ReadAt(at.saturating_add(tag)),
        };
    }
    frames(at, bytes, size)
}

/// The length of an ID3 tag, its head included.
fn tag_length(bytes: &[u8]) -> Option<u64> {
    let size = bytes.strip_prefix(b"ID3")?.get(3..7)?;
    let length = size.iter().fold(0, |length, byte| length << 7 | u64::from(byte & 0x7f));
    Some(length + 10)
}

fn frames(at: u64, bytes: &[u8], size: Option<u64>) -> Step {
    let Some(head) = Head::read(bytes) else { return Step::Unknown };
    let seconds = counted(&head, bytes).or_else(|| {
        let audio = size?.checked_sub(at).filter(|_| is_constant(&head, bytes))?;
        Some(audio as f64 * 8.0 / head.bits_per_second as f64)
    });
    seconds.map_or(Step::Unknown, Step::Known)
}

/// Whether the frames that follow take as many bytes as the first one: else its rate tells nothing of the whole, and a
/// length that is too short would stop everybody before the end.
fn is_constant(first: &Head, bytes: &[u8]) -> bool {
    let (mut at, mut seen) = (first.length(), 0);
    while let Some(head) = bytes.get(at..).and_then(Head::read) {
        if head.bits_per_second != first.bits_per_second {
            return false;
        }
        at = at.saturating_add(head.length());
        seen += 1;
    }
    seen >= FRAMES
}

/// The length by the number of frames, where the first one tells it.
fn counted(head: &Head, bytes: &[u8]) -> Option<f64> {
    let table = bytes.get(head.table()..head.table() + 12)?;
    let is_table = table.starts_with(b"Xing") || table.starts_with(b"Info");
    if !is_table || table[7] & 1 == 0 {
        return None;
    }
    Some((number(&table[8..12]) * head.samples_per_frame()) as f64 / head.samples_per_second as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 128 kbit/s, 44.1 kHz, stereo.
    const FRAME: [u8; 4] = [0xff, 0xfb, 0x90, 0x00];

    fn frames_of(head: [u8; 4], count: usize) -> Vec<u8> {
        let length = Head::read(&head).unwrap().length();
        [&head[..], &vec![0; length - 4]].concat().repeat(count)
    }

    #[test]
    fn a_constant_rate_tells_by_the_size_of_the_file() {
        let bytes = frames_of(FRAME, 8);
        assert_eq!(step(0, &bytes, Some(160_000)), Step::Known(10.0));
        assert_eq!(step(0, &bytes, None), Step::Unknown);
        assert_eq!(step(0, &frames_of(FRAME, 2), Some(160_000)), Step::Unknown, "too few to tell");
    }

    #[test]
    fn a_rate_that_changes_tells_nothing() {
        let bytes = [frames_of(FRAME, 8), frames_of([0xff, 0xfb, 0xa0, 0x00], 1)].concat();
        assert_eq!(step(0, &bytes, Some(160_000)), Step::Unknown);
    }

    #[test]
    fn a_number_of_frames_counts_more_than_a_rate() {
        let table = [&[0; 32][..], b"Xing", &[0, 0, 0, 1], &1000u32.to_be_bytes()].concat();
        let bytes = [&FRAME[..], &table, &[0; 300]].concat();
        assert_eq!(step(0, &bytes, Some(1)), Step::Known(1_152_000.0 / 44_100.0));
    }

    #[test]
    fn tags_are_passed_over() {
        let tag = [&b"ID3\x04\0\0\0\0\x01\x00"[..], &[0; 128]].concat();
        let bytes = [tag, frames_of(FRAME, 8)].concat();
        assert_eq!(step(0, &bytes, Some(160_138)), Step::Known(10.0));
        let picture = b"ID3\x04\0\0\0\x10\x00\x00";
        assert_eq!(step(0, picture, Some(1_000_000)), Step::ReadAt(262_154));
        assert_eq!(step(262_154, &frames_of(FRAME, 8), Some(422_154)), Step::Known(10.0));
    }
}
