//! Which web pages may use this deployment with their visitors' rights.

use std::net::IpAddr;

/// The origins that are allowed: our own, those configured, and in development every port of this very machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OriginPolicy<'a> {
    /// Our own: the public URL.
    pub own: &'a str,
    /// Those configured.
    pub allowed: &'a [String],
    /// Whether every port of localhost is allowed, and our own address by number.
    pub local: bool,
}

/// Whether a URL is reached on this very machine alone: as `localhost`, or by a loopback address.
pub fn is_local_url(url: &str) -> bool {
    let Some(Origin { host, .. }) = Origin::parse(url) else {
        return false;
    };
    let is_loopback = |host: &str| host.parse().is_ok_and(|ip: IpAddr| ip.to_canonical().is_loopback());
    host == "localhost" || host.ends_with(".localhost") || is_loopback(host.trim_matches(['[', ']']))
}

impl OriginPolicy<'_> {
    /// Whether a request or a handshake comes from a page that may not use us, by its headers `Origin`, `Sec-Fetch-Site` and
    /// `Host`. Whoever names neither of the first two is no browser.
    pub fn is_foreign(&self, origin: Option<&str>, fetch_site: Option<&str>, host: Option<&str>) -> bool {
        match origin {
            Some(origin) => !self.admits(origin, host),
            None => fetch_site == Some("cross-site"),
        }
    }

    /// Whether a page of this origin may use us. `host` is the request's `Host`.
    pub fn admits(&self, origin: &str, host: Option<&str>) -> bool {
        let Some(origin) = Origin::parse(origin) else {
            return false;
        };
        let same = |other: &str| Origin::parse(other).is_some_and(|other| other == origin);
        same(self.own)
            || self.allowed.iter().any(|other| same(other))
            || (self.local && origin.is_local(host))
    }
}

/// Scheme, host and port, compared without regard to case and default ports.
#[derive(Debug, PartialEq, Eq)]
struct Origin {
    scheme: String,
    host: String,
    port: Option<u16>,
}

impl Origin {
    fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let scheme = scheme.to_ascii_lowercase();
        let authority = rest.split('/').next().unwrap_or(rest);
        let (host, port) = split_port(authority)?;
        let default = match scheme.as_str() {
            "http" => 80,
            "https" => 443,
            _ => return None,
        };
        let host = host.to_ascii_lowercase();
        (!host.is_empty()).then_some(Self { scheme, host, port: port.filter(|port| *port != default) })
    }

    /// A name that points at another machine tomorrow must not pass for ours: only fixed names and numbers do.
    fn is_local(&self, host: Option<&str>) -> bool {
        match self.host.as_str() {
            "localhost" | "127.0.0.1" | "[::1]" => true,
            number => is_ip(number) && host.and_then(split_port).is_some_and(|(host, _)| host == number),
        }
    }
}

fn is_ip(host: &str) -> bool {
    host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok()
}

fn split_port(authority: &str) -> Option<(&str, Option<u16>)> {
    let after_host = authority.rfind(']').map_or(0, |bracket| bracket + 1);
    match authority.get(after_host..)?.find(':') {
        None => Some((authority, None)),
        Some(colon) => {
            let (host, port) = authority.split_at(after_host + colon);
            Some((host, Some(port.strip_prefix(':')?.parse().ok()?)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admitted(local: bool, origin: &str, host: Option<&str>) -> bool {
        let allowed = ["https://app.example.org".to_owned()];
        OriginPolicy { own: "https://api.example.org", allowed: &allowed, local }.admits(origin, host)
    }

    #[test]
    fn our_own_and_the_configured_origins_are_allowed() {
        for origin in ["https://api.example.org", "https://API.example.org:443", "https://app.example.org"] {
            assert!(admitted(false, origin, None), "{origin}");
        }
    }

    #[test]
    fn foreign_origins_are_not() {
        let own_host = Some("api.example.org");
        for origin in
            ["https://evil.example", "http://api.example.org", "https://api.example.org:8443", "null", ""]
        {
            assert!(!admitted(true, origin, own_host), "{origin}");
        }
        assert!(!admitted(true, "http://localhost.evil.example", Some("localhost.evil.example")));
        assert!(!admitted(true, "http://rebound.example:8000", Some("rebound.example:8000")));
    }

    #[test]
    fn a_url_of_this_machine_is_told_from_others() {
        for url in [
            "http://localhost:8000",
            "https://LOCALHOST",
            "http://parlor.localhost/path",
            "http://127.0.0.2:1",
            "http://[::1]:8000",
            "http://[::ffff:127.0.0.1]",
        ] {
            assert!(is_local_url(url), "{url}");
        }
        for url in [
            "https://api.example.org",
            "http://localhost.example.org",
            "http://notlocalhost",
            "http://192.168.1.5:8000",
            "http://[fd00::5]",
            "localhost",
            "",
        ] {
            assert!(!is_local_url(url), "{url}");
        }
    }

    #[test]
    fn in_development_every_port_of_this_machine_is_allowed() {
        for origin in
            ["http://localhost:5173", "http://127.0.0.1:1", "http://[::1]:3000", "https://localhost"]
        {
            assert!(admitted(true, origin, None), "{origin}");
            assert!(!admitted(false, origin, None), "{origin}");
        }
        assert!(admitted(true, "http://192.168.1.5:8000", Some("192.168.1.5:8000")));
        assert!(!admitted(true, "http://192.168.1.6:8000", Some("192.168.1.5:8000")));
    }
}
