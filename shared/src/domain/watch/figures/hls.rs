//! Playlists of HTTP Live Streaming.

use super::believable;

/// What a playlist lists.
#[derive(Debug, Clone, PartialEq)]
pub enum Playlist {
    /// The same film in several sizes, the first of which is here.
    Variants(String),
    /// Its pieces. They are so long together, unless there is no end to them.
    Pieces(Option<f64>),
}

impl Playlist {
    /// Reads a playlist.
    pub fn read(text: &str) -> Option<Self> {
        let mut lines = text.lines().map(str::trim);
        if lines.next() != Some("#EXTM3U") {
            return None;
        }
        let (mut seconds, mut has_end, mut has_variants) = (0.0, false, false);
        for line in lines {
            if let Some(piece) = line.strip_prefix("#EXTINF:") {
                seconds += piece.split(',').next()?.trim().parse::<f64>().ok()?;
            }
            has_end |= line == "#EXT-X-ENDLIST";
            has_variants |= line.starts_with("#EXT-X-STREAM-INF:");
            if has_variants && !line.is_empty() && !line.starts_with('#') {
                return Some(Self::Variants(line.to_owned()));
            }
        }
        Some(Self::Pieces(believable(seconds).filter(|_| has_end)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pieces_of_a_film_that_ends_make_its_length() {
        let film =
            "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:9.5,\na.ts\r\n#EXTINF:3,last\nb.ts\n#EXT-X-ENDLIST\n";
        assert_eq!(Playlist::read(film), Some(Playlist::Pieces(Some(12.5))));
        let live = film.replace("#EXT-X-ENDLIST", "");
        assert_eq!(Playlist::read(&live), Some(Playlist::Pieces(None)));
    }

    #[test]
    fn a_list_of_sizes_leads_to_the_first() {
        let list = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n\nlow/index.m3u8\n#EXT-X-STREAM-INF:BANDWIDTH=2\nhigh.m3u8\n";
        assert_eq!(Playlist::read(list), Some(Playlist::Variants("low/index.m3u8".into())));
    }

    #[test]
    fn what_is_no_playlist_is_none() {
        for text in ["", "<html>", "#EXTM3U8\n", "#EXTM3U\n#EXTINF:much,\n"] {
            assert_eq!(Playlist::read(text), None, "{text}");
        }
    }
}
