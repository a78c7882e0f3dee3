//! URLs and origins, as people write them on a command line.

use axum::http::Uri;

/// An `http` or `https` URL to put paths behind; without a slash at the end.
pub(super) fn url(text: &str) -> Result<String, String> {
    let (url, _) = parse(text).ok_or("it is no URL such as https://api.example.org")?;
    Ok(url)
}

/// Scheme, host and port, as browsers send them in `Origin`: a page's address without its path.
pub(super) fn origin(text: &str) -> Result<String, String> {
    match parse(text) {
        Some((origin, path)) if path.is_empty() => Ok(origin),
        Some(_) => Err("an origin has no path: it is like https://app.example.org".to_owned()),
        None => Err("it is no origin such as https://app.example.org".to_owned()),
    }
}

/// The whole and its path, both without a slash at the end; none for what nothing can be fetched from.
fn parse(text: &str) -> Option<(String, String)> {
    let uri: Uri = text.parse().ok()?;
    let is_web = matches!(uri.scheme_str()?, "http" | "https");
    let authority = uri.authority()?;
    let host = authority.host();
    // What stands before the host would be somebody's password.
    let port = authority.as_str().strip_prefix(host)?;
    let has_port = port.is_empty() || authority.port_u16().is_some();
    let is_plain = !text.contains(['?', '#']);
    let whole = text.trim_end_matches('/').to_owned();
    let path = uri.path().trim_end_matches('/').to_owned();
    (is_web && has_port && is_plain && !host.is_empty()).then_some((whole, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_may_have_a_path_and_loses_its_last_slash() {
        let table = [
            ("http://localhost:8000", "http://localhost:8000"),
            ("https://api.example.org/", "https://api.example.org"),
            ("https://example.org/parlor/", "https://example.org/parlor"),
            ("http://[::1]:8000/", "http://[::1]:8000"),
        ];
        for (text, expected) in table {
            assert_eq!(url(text).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn what_is_no_place_on_the_web_is_neither_url_nor_origin() {
        let table = [
            "",
            "*",
            "null",
            "localhost",
            "localhost:8000",
            "//example.org",
            "/path",
            "ws://example.org",
            "http://",
            "http://:8000",
            "http://example.org:",
            "http://example.org:99999",
            "http://example.org:port",
            "http://ann:secret@example.org",
            "http://example.org?x",
            "http://example.org/#x",
            "http://exa mple.org",
        ];
        for text in table {
            assert!(url(text).is_err() && origin(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_origin_has_no_path() {
        assert_eq!(origin("https://example.org:8443/").as_deref(), Ok("https://example.org:8443"));
        assert!(origin("https://example.org/app").is_err());
    }
}
