//! MP4: boxes, among which `moov` holds `mvhd`, which says how long the film is. `moov` may lie behind the pictures, at
//! the end of the file: what lies before it is passed over.

use super::{Step, number};

/// The head of a box: how long it is itself, what it is called, and how long the box is.
struct Head<'a> {
    length: usize,
    kind: &'a [u8],
    size: u64,
}

impl<'a> Head<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let (size, kind) = (number(bytes.get(..4)?), bytes.get(4..8)?);
        match size {
            // It goes on to the end.
            0 => Some(Self { length: 8, kind, size: u64::MAX }),
            1 => Some(Self { length: 16, kind, size: number(bytes.get(8..16)?) }),
            size => Some(Self { length: 8, kind, size }),
        }
    }
}

/// What boxes tell, the first of which begins at `at` in the file.
pub(super) fn step(at: u64, bytes: &[u8]) -> Step {
    let mut passed = 0;
    loop {
        let rest = bytes.get(passed..).unwrap_or_default();
        let more = || if passed > 0 { Step::ReadAt(at.saturating_add(passed as u64)) } else { Step::Unknown };
        let Some(head) = Head::read(rest) else { return more() };
        if head.kind == b"moov" {
            return duration(&rest[head.length.min(rest.len())..]).map_or_else(more, Step::Known);
        }
        if head.size < head.length as u64 {
            return Step::Unknown;
        }
        let next = (passed as u64).saturating_add(head.size);
        match usize::try_from(next).ok().filter(|next| *next < bytes.len()) {
            Some(next) => passed = next,
            None if head.size == u64::MAX => return Step::Unknown,
            None => return Step::ReadAt(at.saturating_add(next)),
        }
    }
}

/// The duration, if `mvhd` is the first box, as it always is.
fn duration(moov: &[u8]) -> Option<f64> {
    let head = Head::read(moov).filter(|head| head.kind == b"mvhd")?;
    let mvhd = moov.get(head.length..)?;
    let (scale, duration) = match mvhd.first()? {
        0 => (number(mvhd.get(12..16)?), number(mvhd.get(16..20)?)),
        _ => (number(mvhd.get(20..24)?), number(mvhd.get(24..32)?)),
    };
    if scale == 0 { None } else { Some(duration as f64 / scale as f64) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boxed(kind: &[u8; 4], payload: &[u8]) -> Vec<u8> {
        let size = u32::try_from(payload.len() + 8).unwrap();
        [&size.to_be_bytes()[..], kind, payload].concat()
    }

    fn moov(scale: u32, duration: u32) -> Vec<u8> {
        let mvhd = [&[0; 12][..], &scale.to_be_bytes(), &duration.to_be_bytes(), &[0; 80]].concat();
        boxed(b"moov", &boxed(b"mvhd", &mvhd))
    }

    #[test]
    fn the_header_tells_how_long_it_is_wherever_it_lies() {
        let ftyp = boxed(b"ftyp", b"isom0000");
        assert_eq!(step(0, &[ftyp.clone(), moov(1000, 90_500)].concat()), Step::Known(90.5));
        let film = [&1_000_000u32.to_be_bytes()[..], b"mdat", b"the first pictures"].concat();
        let begins = [ftyp.clone(), film].concat();
        assert_eq!(step(0, &begins), Step::ReadAt(ftyp.len() as u64 + 1_000_000));
        assert_eq!(step(1_000_016, &moov(600, 600)), Step::Known(1.0));
    }

    #[test]
    fn long_boxes_and_long_films_are_read() {
        let long = [&1u32.to_be_bytes()[..], b"mdat", &5_000_000_000u64.to_be_bytes()].concat();
        assert_eq!(step(100, &long), Step::ReadAt(5_000_000_100));
        let mvhd = [&[1][..], &[0; 19], &10u32.to_be_bytes(), &123u64.to_be_bytes()].concat();
        assert_eq!(step(0, &boxed(b"moov", &boxed(b"mvhd", &mvhd))), Step::Known(12.3));
    }

    #[test]
    fn what_is_cut_is_read_again_from_its_box() {
        let ftyp = boxed(b"ftyp", b"isom0000");
        let whole = [ftyp.clone(), moov(1000, 1000)].concat();
        assert_eq!(step(0, &whole[..ftyp.len() + 20]), Step::ReadAt(ftyp.len() as u64));
        assert_eq!(step(16, &moov(1000, 1000)[..20]), Step::Unknown);
        assert_eq!(step(0, &boxed(b"mdat", b"")[..4]), Step::Unknown);
        assert_eq!(step(0, &moov(0, 1000)), Step::Unknown);
    }
}
