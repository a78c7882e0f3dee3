//! What a part of a form calls its file.
//!
//! Some clients say it by `filename*` (RFC 8187), alone or beside a `filename` that older servers can read; that one may be
//! an encoded word of mail then. The exact name counts.

use percent_encoding::percent_decode_str;

/// The exact name in a `Content-Disposition`; none if it has none that can be read.
pub(super) fn exact_filename(disposition: &[u8]) -> Option<String> {
    let disposition = std::str::from_utf8(disposition).ok()?;
    let parameters = parameters(disposition).filter_map(|parameter| parameter.split_once('='));
    let is_exact = |name: &str| name.trim().eq_ignore_ascii_case("filename*");
    let (_, value) = parameters.into_iter().find(|(name, _)| is_exact(name))?;
    let (charset, rest) = value.trim().trim_matches('"').split_once('\'')?;
    let (_language, encoded) = rest.split_once('\'')?;
    // Every recipient knows this one; nobody sends others.
    if !charset.eq_ignore_ascii_case("utf-8") {
        return None;
    }
    percent_decode_str(encoded).decode_utf8().ok().map(Into::into)
}

/// What stands between semicolons, as far as they stand in no quotes.
fn parameters(text: &str) -> impl Iterator<Item = &str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    text.split(move |c| {
        let ends = c == ';' && !is_quoted;
        is_quoted ^= c == '"' && !is_escaped;
        is_escaped = c == '\\' && is_quoted && !is_escaped;
        ends
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exact_name_is_read_wherever_it_stands() {
        for disposition in [
            "form-data; name=\"file\"; filename*=UTF-8''na%C3%AFve.txt",
            "form-data; name=file; filename=\"=?utf-8?B?bmHDr3ZlLnR4dA==?=\"; filename*=utf-8''na%C3%AFve.txt",
            "form-data; FileName*=\"utf-8'en'na%C3%AFve.txt\" ; filename=\"naive.txt\"",
        ] {
            assert_eq!(exact_filename(disposition.as_bytes()).as_deref(), Some("naïve.txt"), "{disposition}");
        }
    }

    #[test]
    fn what_only_looks_like_one_is_none() {
        for disposition in [
            "form-data; name=\"file\"; filename=\"a; filename*=utf-8''b\"",
            "form-data; filename=\"\\\"; filename*=utf-8''b\"",
            "form-data; filename*=utf-8",
            "form-data; filename*=iso-8859-1''a",
            "form-data; filename*=utf-8''%FF",
            "form-data; filename=a",
        ] {
            assert_eq!(exact_filename(disposition.as_bytes()), None, "{disposition}");
        }
        assert_eq!(exact_filename(b"form-data; filename*=utf-8''\xff"), None);
    }
}
