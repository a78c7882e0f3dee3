//! How large a picture is, read from its header.

use serde::{Deserialize, Serialize};

use crate::domain::picture::PictureKind;

/// How many of a picture's first bytes are looked at. A camera may put previews and profiles before what says the size.
pub const PICTURE_HEAD: usize = 256 * 1024;

/// How large a picture is, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureSize {
    /// From left to right.
    pub width: u32,
    /// From top to bottom.
    pub height: u32,
}

impl PictureSize {
    /// The size that the beginning of a file says; none if it is no picture, or does not say it so far.
    pub fn read(head: &[u8]) -> Option<Self> {
        let (width, height) = match PictureKind::of(head)? {
            PictureKind::Png => png(head),
            PictureKind::Jpeg => jpeg(head),
            PictureKind::Gif => gif(head),
            PictureKind::WebP => webp(head),
        }?;
        (width > 0 && height > 0).then_some(Self { width, height })
    }
}

/// The first chunk says it.
fn png(head: &[u8]) -> Option<(u32, u32)> {
    let is_header = array(head, 12)? == *b"IHDR";
    is_header.then_some((u32::from_be_bytes(array(head, 16)?), u32::from_be_bytes(array(head, 20)?)))
}

fn gif(head: &[u8]) -> Option<(u32, u32)> {
    let side = |at| array(head, at).map(u16::from_le_bytes).map(u32::from);
    Some((side(6)?, side(8)?))
}

/// Segments follow each other, of which one begins a frame and says it.
fn jpeg(head: &[u8]) -> Option<(u32, u32)> {
    let mut rest = head.get(2..)?;
    loop {
        let [0xff, marker, segment @ ..] = rest else { return None };
        rest = match marker {
            // Marks may be filled up by any number of these.
            0xff => &rest[1..],
            0x01 | 0xd0..=0xd7 => segment,
            // The picture itself begins, or ends.
            0xd9 | 0xda => return None,
            0xc0..=0xcf if ![0xc4, 0xc8, 0xcc].contains(marker) => {
                let side = |at| array(segment, at).map(u16::from_be_bytes).map(u32::from);
                return Some((side(5)?, side(3)?));
            }
            _ => segment.get(usize::from(u16::from_be_bytes(array(segment, 0)?)).max(2)..)?,
        };
    }
}

/// One of three kinds of first chunks says it.
fn webp(head: &[u8]) -> Option<(u32, u32)> {
    match &array(head, 12)? {
        b"VP8 " => {
            let is_key_frame = array(head, 23)? == [0x9d, 0x01, 0x2a];
            let side = |at| array(head, at).map(u16::from_le_bytes).map(|side| u32::from(side & 0x3fff));
            is_key_frame.then_some((side(26)?, side(28)?))
        }
        b"VP8L" => {
            let [_, sizes @ ..] = array::<5>(head, 20).filter(|lossless| lossless[0] == 0x2f)?;
            let sizes = u32::from_le_bytes(sizes);
            Some(((sizes & 0x3fff) + 1, (sizes >> 14 & 0x3fff) + 1))
        }
        b"VP8X" => {
            let side = |at| {
                let [low, middle, high] = array(head, at)?;
                Some(u32::from_le_bytes([low, middle, high, 0]) + 1)
            };
            Some((side(24)?, side(27)?))
        }
        _ => None,
    }
}

/// Some bytes from this place on, if there are so many.
fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at + N)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(head: &[u8]) -> Option<(u32, u32)> {
        PictureSize::read(head).map(|size| (size.width, size.height))
    }

    fn png_of(width: u32, height: u32) -> Vec<u8> {
        let sides = [width.to_be_bytes(), height.to_be_bytes()].concat();
        [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &sides, b"\x08\x06\0\0\0"].concat()
    }

    /// A camera's: a preview of 300 bytes, a restart mark and filling before the frame.
    fn jpeg_of(width: u16, height: u16) -> Vec<u8> {
        let preview = [b"\xff\xe1\x01\x2e".as_slice(), &[0xc0; 300]].concat();
        let sides = [height.to_be_bytes(), width.to_be_bytes()].concat();
        let frame = [b"\xff\xff\xff\xc2\0\x11\x08".as_slice(), &sides, b"\x03..."].concat();
        [b"\xff\xd8".as_slice(), &preview, b"\xff\xd0\xff\xc4\0\x04..", &frame].concat()
    }

    fn webp_of(chunk: &[u8]) -> Vec<u8> {
        [b"RIFF\x40\0\0\0WEBP".as_slice(), chunk].concat()
    }

    #[test]
    fn each_kind_of_picture_says_its_size() {
        assert_eq!(size(&png_of(640, 480)), Some((640, 480)));
        assert_eq!(size(b"GIF89a\x40\x01\xf0\0..."), Some((320, 240)));
        assert_eq!(size(&jpeg_of(4000, 3000)), Some((4000, 3000)));
        assert_eq!(size(&webp_of(b"VP8 \x20\0\0\0abc\x9d\x01\x2a\x40\x41\xf0\x80")), Some((320, 240)));
        // 14 bits each, less one: 320 and 240.
        assert_eq!(size(&webp_of(b"VP8L\x20\0\0\0\x2f\x3f\xc1\x3b\0")), Some((320, 240)));
        assert_eq!(size(&webp_of(b"VP8X\x0a\0\0\0\0\0\0\0\x3f\x01\0\xef\0\0")), Some((320, 240)));
    }

    #[test]
    fn what_breaks_off_or_makes_no_sense_has_no_size() {
        let whole = [
            png_of(640, 480),
            jpeg_of(40, 30),
            webp_of(b"VP8X\x0a\0\0\0\0\0\0\0\x3f\x01\0\xef\0\0"),
            webp_of(b"VP8L\x20\0\0\0\x2f\x3f\xc1\x3b\0"),
        ];
        for picture in whole {
            let needed = (0..=picture.len()).find(|end| size(&picture[..*end]).is_some()).unwrap();
            assert!((0..needed).all(|end| size(&picture[..end]).is_none()));
        }
        for odd in
            [&b"\xff\xd8\xff\xd9"[..], b"\xff\xd8\xff\xe0\0\0\xff", b"\xff\xd8\xff\xe0\0\x04..abc", b"hello"]
        {
            assert_eq!(size(odd), None, "{odd:?}");
        }
        assert_eq!(size(&png_of(0, 480)), None);
    }
}
