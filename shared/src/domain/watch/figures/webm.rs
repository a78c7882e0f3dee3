//! WebM: elements, of which `Info` comes early and says how long the film is.

use super::{Step, number};

const INFO: [u8; 4] = [0x15, 0x49, 0xa9, 0x66];
const SCALE: u64 = 0x2a_d7b1;
const DURATION: u64 = 0x4489;
/// The scale where none is given, in nanoseconds.
const MILLISECOND: u64 = 1_000_000;

/// What the beginning of a file tells.
pub(super) fn step(bytes: &[u8]) -> Step {
    let info = bytes.windows(INFO.len()).position(|window| window == INFO);
    let info = info.and_then(|at| bytes.get(at + INFO.len()..)).and_then(element);
    info.and_then(|(content, _)| duration(content)).map_or(Step::Unknown, Step::Known)
}

fn duration(mut info: &[u8]) -> Option<f64> {
    let (mut scale, mut ticks) = (MILLISECOND, None);
    while let Some((id, rest)) = id(info) {
        let Some((content, rest)) = element(rest) else { break };
        match id {
            SCALE if content.len() <= 8 => scale = number(content),
            DURATION => ticks = float(content),
            _ => {}
        }
        info = rest;
    }
    Some(ticks? * scale as f64 / 1e9)
}

/// An element's id with its marker, and what follows.
fn id(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let length = usize::try_from(bytes.first()?.leading_zeros() + 1).ok().filter(|length| *length <= 4)?;
    Some((number(bytes.get(..length)?), &bytes[length..]))
}

/// What an element holds that begins with its size, or as much of it as is there; and what follows.
fn element(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = usize::try_from(bytes.first()?.leading_zeros() + 1).ok().filter(|length| *length <= 8)?;
    let size = number(bytes.get(..length)?) & !(1 << (7 * length));
    let rest = &bytes[length..];
    Some(rest.split_at(usize::try_from(size).unwrap_or(usize::MAX).min(rest.len())))
}

fn float(bytes: &[u8]) -> Option<f64> {
    match bytes.len() {
        4 => Some(f64::from(f32::from_be_bytes(bytes.try_into().ok()?))),
        8 => Some(f64::from_be_bytes(bytes.try_into().ok()?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn film(info: &[u8]) -> Vec<u8> {
        let size = 0x80 | u8::try_from(info.len()).unwrap();
        [b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff", &INFO[..], &[size], info]
            .concat()
    }

    #[test]
    fn its_info_tells_how_long_it_is() {
        let scale = b"\x2a\xd7\xb1\x83\x0f\x42\x40";
        let duration = [&b"\x44\x89\x88"[..], &12_345.0f64.to_be_bytes()].concat();
        let title = b"\x7b\xa9\x82hi";
        assert_eq!(step(&film(&[&scale[..], title, &duration].concat())), Step::Known(12.345));
        let short = [&b"\x44\x89\x84"[..], &500.0f32.to_be_bytes()].concat();
        assert_eq!(step(&film(&short)), Step::Known(0.5));
    }

    #[test]
    fn a_stream_that_does_not_know_how_long_it_will_be_tells_nothing() {
        assert_eq!(step(&film(b"\x2a\xd7\xb1\x83\x0f\x42\x40")), Step::Unknown);
        assert_eq!(step(b"\x1a\x45\xdf\xa3"), Step::Unknown);
    }
}
