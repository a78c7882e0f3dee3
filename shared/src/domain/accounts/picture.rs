//! Pictures of people.

use std::fmt;

use bytes::Bytes;

/// The largest picture, in bytes.
pub const MAX_PICTURE: usize = 2 << 20;

/// A picture that somebody has sent: of a kind that every browser shows and that holds no scripts.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// What it is.
    pub kind: PictureKind,
    /// All of it.
    pub bytes: Bytes,
}

/// What a picture is, by its first bytes, whatever its sender says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureKind {
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// GIF.
    Gif,
    /// WebP.
    WebP,
}

/// Why something is no picture of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoPicture {
    /// It is larger than [`MAX_PICTURE`].
    TooLarge,
    /// It is of no kind that is taken.
    Unknown,
}

impl Picture {
    /// A picture of these bytes.
    pub fn read(bytes: Bytes) -> Result<Self, NoPicture> {
        if bytes.len() > MAX_PICTURE {
            return Err(NoPicture::TooLarge);
        }
        let kind = PictureKind::of(&bytes).ok_or(NoPicture::Unknown)?;
        Ok(Self { kind, bytes })
    }
}

/// Whose face it is does not belong in logs.
impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Picture").field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl PictureKind {
    /// What a file is that begins like this; none if it is no picture.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Self::Gif),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::WebP),
            _ => None,
        }
    }

    /// The name of a file of this kind.
    pub fn filename(self) -> &'static str {
        match self {
            Self::Png => "avatar.png",
            Self::Jpeg => "avatar.jpg",
            Self::Gif => "avatar.gif",
            Self::WebP => "avatar.webp",
        }
    }

    /// Its media type.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::WebP => "image/webp",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<PictureKind, NoPicture> {
        Picture::read(Bytes::copy_from_slice(bytes)).map(|picture| picture.kind)
    }

    #[test]
    fn pictures_are_told_by_their_first_bytes() {
        assert_eq!(read(b"\x89PNG\r\n\x1a\n..."), Ok(PictureKind::Png));
        assert_eq!(read(b"\xff\xd8\xff\xe0..."), Ok(PictureKind::Jpeg));
        assert_eq!((read(b"GIF87a"), read(b"GIF89a")), (Ok(PictureKind::Gif), Ok(PictureKind::Gif)));
        assert_eq!(read(b"RIFF\x10\0\0\0WEBPVP8 "), Ok(PictureKind::WebP));
    }

    #[test]
    fn nothing_else_is_a_picture() {
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg'/>";
        for other in [&b""[..], b"\x89PNG", b"GIF88a", b"RIFF\x10\0\0\0WAVEfmt ", b"BM", svg, b"<html>GIF89a"]
        {
            assert_eq!(read(other), Err(NoPicture::Unknown), "{other:?}");
        }
        let mut large = b"GIF89a".to_vec();
        large.resize(MAX_PICTURE, 0);
        assert_eq!(read(&large), Ok(PictureKind::Gif));
        large.push(0);
        assert_eq!(read(&large), Err(NoPicture::TooLarge));
    }
}
