//! Where a browser goes once somebody has signed in.

use crate::domain::origin::OriginPolicy;

/// The longest such URL, in bytes.
const MAX_LENGTH: usize = 1024;

/// A path of ours, or a page of an origin that may use us: nobody is sent anywhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextUrl(String);

impl NextUrl {
    /// Reads what a link asked for; none if it leads elsewhere. `host` is the request's `Host`.
    pub fn parse(text: &str, origins: &OriginPolicy<'_>, host: Option<&str>) -> Option<Self> {
        // Browsers drop tabs and line ends from URLs, and read a backslash as a slash.
        let plain = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        let is_path = text.starts_with('/') && !text.starts_with("//");
        let is_ours = is_path || origins.admits(text, host);
        (plain && text.len() <= MAX_LENGTH && is_ours).then(|| Self(text.to_owned()))
    }

    /// The URL as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Our own page.
impl Default for NextUrl {
    fn default() -> Self {
        Self("/".to_owned())
    }
}

impl From<NextUrl> for String {
    fn from(url: NextUrl) -> Self {
        url.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_taken(text: &str, local: bool) -> bool {
        let allowed = ["https://app.example.org".to_owned()];
        let origins = OriginPolicy { own: "https://api.example.org", allowed: &allowed, local };
        NextUrl::parse(text, &origins, Some("api.example.org")).is_some()
    }

    #[test]
    fn paths_of_ours_and_pages_of_allowed_origins_are_taken() {
        for good in [
            "/",
            "/rooms/?code=A#chat",
            "/a//b",
            "https://api.example.org",
            "https://app.example.org/welcome?x=https://evil.example",
            "HTTPS://APP.example.org:443/",
        ] {
            assert!(is_taken(good, false), "{good}");
        }
        assert!(is_taken("http://localhost:5173/", true) && !is_taken("http://localhost:5173/", false));
    }

    #[test]
    fn whatever_leads_elsewhere_is_not() {
        let long = format!("/{}", "x".repeat(MAX_LENGTH));
        for bad in [
            "",
            "rooms",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "\t//evil.example",
            " //evil.example",
            "/\r\nLocation: https://evil.example",
            "https://evil.example",
            "https://app.example.org.evil.example/",
            "https://app.example.org@evil.example/",
            "https://app.example.org:443@evil.example/",
            "https://evil.example?https://app.example.org/",
            "https://evil.example#https://app.example.org/",
            "https://app.example.org\\@evil.example/",
            "https://app.example.org?x/@evil.example",
            "https:app.example.org",
            "https:///app.example.org",
            "http://app.example.org/",
            "javascript:alert(1)",
            "javascript://app.example.org/%0aalert(1)",
            "data:text/html,x",
            "null",
            &long,
        ] {
            assert!(!is_taken(bad, true), "{bad:?}");
        }
    }
}
