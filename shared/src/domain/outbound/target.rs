//! A URL, taken apart as far as it says where a request goes.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

use super::Reach;

/// The longest URL, in bytes.
const MAX_URL: usize = 2048;
/// The longest name of a host.
const MAX_NAME: usize = 253;
/// The first port that programs without privileges listen on; below it only the web's own two are served by web servers.
const FIRST_FREE_PORT: u16 = 1024;

/// Why a request may not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.sentence())]
pub enum NotAllowed {
    /// It cannot be read.
    Malformed,
    /// It is longer than it may be.
    TooLong,
    /// It is not encrypted.
    NotHttps,
    /// It holds a name or a password.
    Userinfo,
    /// No web server is there.
    Port,
    /// It leads to no host of the public internet.
    NotPublic,
    /// It leads on and on.
    TooManyRedirects,
}

impl NotAllowed {
    /// Why, for a person.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Malformed => "This is no URL of a host.",
            Self::TooLong => "At most 2,048 characters.",
            Self::NotHttps => "Send an https URL.",
            Self::Userinfo => "A URL with a name or a password in it is refused.",
            Self::Port => "Only ports 80, 443 and those from 1024 on are called.",
            Self::NotPublic => "This address is not public.",
            Self::TooManyRedirects => "The address redirects too often.",
        }
    }
}

/// A host, by name or by address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Host {
    /// A name that has to be resolved.
    Name(String),
    /// An address.
    Address(IpAddr),
}

/// Where a request goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    is_encrypted: bool,
    host: Host,
    port: u16,
    /// Path and query; begins with a slash.
    path: String,
}

impl Target {
    /// Reads a URL. Names are let through: what counts is what they are resolved to.
    pub fn parse(url: &str, reach: Reach) -> Result<Self, NotAllowed> {
        if url.len() > MAX_URL {
            return Err(NotAllowed::TooLong);
        }
        let is_plain = |byte: u8| byte.is_ascii_graphic() && byte != b'\\';
        if !url.bytes().all(is_plain) {
            return Err(NotAllowed::Malformed);
        }
        let (scheme, rest) = url.split_once("://").ok_or(NotAllowed::Malformed)?;
        let is_encrypted = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return Err(NotAllowed::NotHttps),
        };
        let rest = rest.split('#').next().unwrap_or_default();
        let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let (host, port) = authority_of(authority)?;
        let port = port.unwrap_or(if is_encrypted { 443 } else { 80 });
        let slash = if path.starts_with('/') { "" } else { "/" };
        Self { is_encrypted, host, port, path: format!("{slash}{path}") }.admitted(reach)
    }

    /// Where an answer from here sends us on to; it is checked anew.
    pub fn redirected(&self, location: &str, reach: Reach) -> Result<Self, NotAllowed> {
        Self::parse(&self.joined(location), reach)
    }

    /// A reference, as found in what lies here, as a URL.
    pub fn joined(&self, reference: &str) -> String {
        let reference = reference.trim();
        let is_absolute = reference.split(['/', '?', '#']).next().is_some_and(|first| first.contains(':'));
        let directory = self.path.split('?').next().unwrap_or_default();
        let directory = directory.rsplit_once('/').map_or("", |(directory, _)| directory);
        match reference {
            _ if is_absolute => reference.to_owned(),
            "" => self.to_string(),
            _ if reference.starts_with("//") => format!("{}:{reference}", self.scheme()),
            _ if reference.starts_with('/') => format!("{}{reference}", self.origin()),
            _ => format!("{}{directory}/{reference}", self.origin()),
        }
    }

    /// The host.
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Without encryption one calls nobody but this very machine.
    fn admitted(self, reach: Reach) -> Result<Self, NotAllowed> {
        let is_local = reach == Reach::Loopback;
        let is_admitted = self.is_encrypted || (is_local && self.host.is_loopback());
        if !is_admitted {
            return Err(NotAllowed::NotHttps);
        }
        let is_served = is_local || self.port >= FIRST_FREE_PORT || [80, 443].contains(&self.port);
        if self.port == 0 || !is_served {
            return Err(NotAllowed::Port);
        }
        match self.host {
            Host::Address(address) if !reach.admits(address) => Err(NotAllowed::NotPublic),
            _ => Ok(self),
        }
    }

    fn scheme(&self) -> &'static str {
        if self.is_encrypted { "https" } else { "http" }
    }

    fn origin(&self) -> String {
        format!("{}://{}:{}", self.scheme(), self.host, self.port)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.origin(), self.path)
    }
}

impl Host {
    fn is_loopback(&self) -> bool {
        match self {
            Self::Name(name) => name == "localhost",
            Self::Address(address) => address.is_loopback(),
        }
    }
}

impl FromStr for Host {
    type Err = NotAllowed;

    fn from_str(text: &str) -> Result<Self, NotAllowed> {
        if let Some(address) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
            let address: Ipv6Addr = address.parse().map_err(|_| NotAllowed::Malformed)?;
            return Ok(Self::Address(address.into()));
        }
        if let Ok(address) = text.parse() {
            return Ok(Self::Address(IpAddr::V4(address)));
        }
        let is_label = |label: &str| {
            !label.is_empty()
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        };
        let name = text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase();
        // What ends in a number is an address in one of its older spellings, whatever resolves it.
        let last = name.rsplit('.').next().unwrap_or_default();
        let is_number = last.starts_with("0x") || last.bytes().all(|byte| byte.is_ascii_digit());
        let is_name = name.len() <= MAX_NAME && name.split('.').all(is_label) && !is_number;
        if is_name { Ok(Self::Name(name)) } else { Err(NotAllowed::Malformed) }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => name.fmt(f),
            Self::Address(IpAddr::V4(address)) => address.fmt(f),
            Self::Address(IpAddr::V6(address)) => write!(f, "[{address}]"),
        }
    }
}

fn authority_of(text: &str) -> Result<(Host, Option<u16>), NotAllowed> {
    if text.contains('@') {
        return Err(NotAllowed::Userinfo);
    }
    // The colons of an address of version 6 stand before its bracket.
    let colon = text.rfind(':').filter(|colon| !text[*colon..].contains(']'));
    let (host, port) = text.split_at(colon.unwrap_or(text.len()));
    let port = match port.strip_prefix(':') {
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(digits.parse().map_err(|_| NotAllowed::Malformed)?)
        }
        Some(_) => return Err(NotAllowed::Malformed),
        None => None,
    };
    Ok((host.parse()?, port))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(url: &str, reach: Reach) -> NotAllowed {
        Target::parse(url, reach).unwrap_err()
    }

    fn written(url: &str) -> String {
        Target::parse(url, Reach::Public).unwrap().to_string()
    }

    #[test]
    fn urls_of_the_web_are_read() {
        assert_eq!(written("https://Example.org"), "https://example.org:443/");
        assert_eq!(written("HTTPS://example.org:8443/a/b?c=d#e"), "https://example.org:8443/a/b?c=d");
        assert_eq!(written("https://example.org?a=@b"), "https://example.org:443/?a=@b");
        assert_eq!(written("https://1.1.1.1/"), "https://1.1.1.1:443/");
        assert_eq!(written("https://[2606:4700::1]:8443/"), "https://[2606:4700::1]:8443/");
    }

    #[test]
    fn whatever_else_is_refused_with_its_reason() {
        let table = [
            ("http://example.org/", NotAllowed::NotHttps),
            ("ftp://example.org/", NotAllowed::NotHttps),
            ("file:///etc/passwd", NotAllowed::NotHttps),
            ("https://ann@example.org/", NotAllowed::Userinfo),
            ("https://ann:secret@example.org/", NotAllowed::Userinfo),
            ("https://example.org:22/", NotAllowed::Port),
            ("https://example.org:0/", NotAllowed::Port),
            ("https://example.org:65536/", NotAllowed::Malformed),
            ("https://example.org:+443/", NotAllowed::Malformed),
            ("https://", NotAllowed::Malformed),
            ("https:///path", NotAllowed::Malformed),
            ("https://exa mple.org/", NotAllowed::Malformed),
            ("https://example.org\\@10.0.0.1/", NotAllowed::Malformed),
            ("https://exämple.org/", NotAllowed::Malformed),
            ("https://a..b/", NotAllowed::Malformed),
            ("https://2130706433/", NotAllowed::Malformed),
            ("https://127.1/", NotAllowed::Malformed),
            ("https://0x7f.0x1/", NotAllowed::Malformed),
            ("https://[fe80::1%25eth0]/", NotAllowed::Malformed),
            ("https://10.0.0.1/", NotAllowed::NotPublic),
            ("https://[::ffff:10.0.0.1]/", NotAllowed::NotPublic),
            ("https://169.254.169.254/latest/meta-data/", NotAllowed::NotPublic),
        ];
        for (url, why) in table {
            assert_eq!(refused(url, Reach::Public), why, "{url}");
        }
        assert_eq!(
            refused(&format!("https://example.org/{}", "a".repeat(2048)), Reach::Public),
            NotAllowed::TooLong
        );
    }

    #[test]
    fn this_very_machine_is_called_without_encryption_by_who_reaches_it() {
        for url in
            ["http://127.0.0.1:81/", "http://localhost:9000/a", "http://[::1]:9000/", "https://127.0.0.1/"]
        {
            assert!(Target::parse(url, Reach::Loopback).is_ok(), "{url}");
            assert!(Target::parse(url, Reach::Public).is_err(), "{url}");
        }
        assert_eq!(refused("http://example.org/", Reach::Loopback), NotAllowed::NotHttps);
        assert_eq!(refused("http://10.0.0.1/", Reach::Loopback), NotAllowed::NotHttps);
    }

    #[test]
    fn what_an_answer_leads_on_to_is_checked_anew() {
        let from = Target::parse("https://example.org/a/b?c", Reach::Public).unwrap();
        let to = |location: &str| from.redirected(location, Reach::Public).map(|target| target.to_string());
        assert_eq!(to("/d").unwrap(), "https://example.org:443/d");
        assert_eq!(to("d?e").unwrap(), "https://example.org:443/a/d?e");
        assert_eq!(to("//example.com/x").unwrap(), "https://example.com:443/x");
        assert_eq!(to("https://example.com").unwrap(), "https://example.com:443/");
        assert_eq!(to("").unwrap(), "https://example.org:443/a/b?c");
        assert_eq!(to("http://example.org/"), Err(NotAllowed::NotHttps));
        assert_eq!(to("https://127.0.0.1/"), Err(NotAllowed::NotPublic));
        assert_eq!(to("//169.254.169.254/"), Err(NotAllowed::NotPublic));
        assert_eq!(to("javascript:alert(1)"), Err(NotAllowed::Malformed));
    }
}
