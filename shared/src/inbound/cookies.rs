//! Our cookies: what they are called, and how they are set and read.
//!
//! Where there is TLS their names begin with `__Host-`: then browsers take them from this very host alone, over TLS, and no
//! page of a neighbouring host can plant one.

use std::borrow::Cow;

use crate::app::Settings;

/// One of our cookies.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cookie {
    /// Its name, but for what stands before it under TLS.
    pub(super) name: &'static str,
    /// Whether it comes along when another site links to us.
    pub(super) same_site: &'static str,
}

/// The session, for browsers.
pub(super) const SESSION: Cookie = Cookie { name: "session", same_site: "Lax" };

impl Cookie {
    /// What it is called here.
    pub(super) fn name(self, settings: &Settings) -> Cow<'static, str> {
        if is_secure(settings) { format!("__Host-{}", self.name).into() } else { self.name.into() }
    }

    /// What makes a browser keep it for so many seconds; none make it forget.
    pub(super) fn set(self, settings: &Settings, value: &str, life: i64) -> String {
        let (name, same_site) = (self.name(settings), self.same_site);
        let secure = if is_secure(settings) { "; Secure" } else { "" };
        format!("{name}={value}; Path=/; HttpOnly; SameSite={same_site}; Max-Age={life}{secure}")
    }

    /// Its value among those that a browser sent.
    pub(super) fn read<'a>(self, settings: &Settings, cookies: &'a str) -> Option<&'a str> {
        let wanted = self.name(settings);
        let mut pairs = cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(name, _)| *name == wanted).map(|(_, value)| value)
    }
}

/// Whether clients reach us over TLS.
pub(super) fn is_secure(settings: &Settings) -> bool {
    settings.public_url.starts_with("https://")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn under_tls_a_cookie_is_this_hosts_alone_and_no_other_name_is_read() {
        let settings = Settings::new("https://app.test");
        let set = SESSION.set(&settings, "x", 60);
        assert_eq!(set, "__Host-session=x; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure");
        assert_eq!(SESSION.read(&settings, "a=1; session=planted; __Host-session=x"), Some("x"));
        assert_eq!(SESSION.read(&settings, "session=planted"), None);
    }

    #[test]
    fn without_tls_it_has_its_plain_name() {
        let settings = Settings::new("http://localhost:8000");
        let set = SESSION.set(&settings, "", 0);
        assert_eq!(set, "session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
        assert_eq!(SESSION.read(&settings, "x=1; session=d"), Some("d"));
    }
}
