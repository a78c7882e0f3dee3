//! Compressed copies of the pages' files, as CloudFront gives them out.

use std::collections::HashMap;
use std::io::Write;
use std::sync::{LazyLock, Mutex, PoisonError};

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_ENCODING;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;

/// Copies by the hash of what they are copies of. Files are few, and in release builds they never change.
static COPIES: LazyLock<Mutex<HashMap<[u8; 32], Bytes>>> = LazyLock::new(Mutex::default);

/// Whether a client reads gzip: it names it, and not with a weight of nothing.
pub(crate) fn is_read_by(headers: &HeaderMap) -> bool {
    let lists = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    lists.flat_map(|list| list.split(',')).any(|offer| {
        let (name, weight) = offer.split_once(';').unwrap_or((offer, ""));
        name.trim().eq_ignore_ascii_case("gzip")
            && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
    })
}

/// The compressed copy of a file with this hash; nothing if it could not be made.
pub(crate) fn copy(hash: [u8; 32], data: &[u8]) -> Option<Bytes> {
    if let Some(known) = COPIES.lock().unwrap_or_else(PoisonError::into_inner).get(&hash) {
        return Some(known.clone());
    }
    let made = compress(data).ok()?;
    COPIES.lock().unwrap_or_else(PoisonError::into_inner).insert(hash, made.clone());
    Some(made)
}

fn compress(data: &[u8]) -> std::io::Result<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(data)?;
    Ok(encoder.finish()?.into())
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use axum::http::HeaderValue;
    use flate2::read::GzDecoder;

    use super::*;

    #[test]
    fn gzip_goes_to_whoever_reads_it() {
        let asked = |offer: &'static str| {
            is_read_by(&HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(offer))]))
        };
        assert!(asked("gzip") && asked("gzip, deflate, br, zstd") && asked("br;q=1.0, GZIP;q=0.5"));
        assert!(
            !asked("br") && !asked("gzip;q=0, br") && !asked("identity") && !is_read_by(&HeaderMap::new())
        );
    }

    #[test]
    fn a_copy_is_smaller_and_holds_the_same() {
        let data = b"the same and the same again, ".repeat(50);
        let made = copy([7; 32], &data).unwrap();
        assert!(made.len() * 5 < data.len());
        let mut read = Vec::new();
        GzDecoder::new(&made[..]).read_to_end(&mut read).unwrap();
        assert_eq!(read, data);
        assert_eq!(copy([7; 32], b"not looked at any more").unwrap(), made);
    }
}
