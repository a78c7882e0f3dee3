//! E-mail addresses.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::visible_text::{composed, is_identifier};

/// An e-mail address as it was given. Two that differ only in case are the same: nobody who runs mail lets two people
/// share such a pair.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Reads an address: whether it can be one at all; whether it exists, only a letter can tell. The error is a sentence
    /// for the field.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let text = composed_if_sound(text.trim());
        let sound = text.rsplit_once('@').is_some_and(|(local, host)| is_local(local) && is_host(host));
        if sound { Ok(Self(text)) } else { Err("This is not an e-mail address.") }
    }

    /// The spelling that keys use.
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }

    /// The host that takes its mail, folded.
    pub fn domain(&self) -> String {
        let folded = self.folded();
        folded.rsplit_once('@').map_or_else(String::new, |(_, domain)| domain.to_owned())
    }

    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Who has which address does not belong in logs.
impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailAddress(..)")
    }
}

/// The one spelling of equal ones; a text with a letter in disguise stays as it is, to be refused for that.
fn composed_if_sound(text: &str) -> String {
    let is_sound = text.chars().all(|c| c.is_ascii() || is_identifier(c));
    if is_sound { composed(text) } else { text.to_owned() }
}

/// ASCII as mail has it, and beyond that what identifiers may hold: no other letter is taken for the one that it looks like.
fn is_local(text: &str) -> bool {
    let odd = |c: char| match c.is_ascii() {
        true => !c.is_ascii_graphic() || "\"(),:;<>@[\\]".contains(c),
        false => !is_identifier(c),
    };
    (1..=64).contains(&text.len())
        && !text.contains(odd)
        && !text.starts_with('.')
        && !text.ends_with('.')
        && !text.contains("..")
}

fn is_host(text: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.chars().all(|c| is_identifier(c) || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= 189 && text.contains('.') && text.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_keep_their_spelling_and_match_without_regard_to_case() {
        let address = EmailAddress::parse(" Ann.Lee+Films@Example.ORG ").unwrap();
        assert_eq!(address.as_str(), "Ann.Lee+Films@Example.ORG");
        assert_eq!(address.folded(), "ann.lee+films@example.org");
        for good in ["a@b.de", "o'neill@mail.example.co.uk", "änne@müller.example", "1@2.3"] {
            assert!(EmailAddress::parse(good).is_ok(), "{good}");
        }
    }

    #[test]
    fn what_cannot_be_an_address_is_refused() {
        for bad in [
            "",
            "ann",
            "@b.de",
            "a@",
            "a@b",
            "a b@c.de",
            "a@b..de",
            "a@-b.de",
            "a@b_c.de",
            ".a@b.de",
            "a..b@c.de",
            "a@b@c.de",
            "a@b.de\nBcc: x@y.z",
            "a\u{202E}@b.de",
            "<a@b.de>",
            // A KELVIN SIGN, a full-width letter, a ligature: lower case, or a mail server, would make others of them.
            "\u{212A}im@b.de",
            "ann@\u{212A}.de",
            "\u{FF21}nn@b.de",
            "ﬁn@b.de",
            "a\u{AD}nn@b.de",
            &format!("{}@b.de", "x".repeat(65)),
            &format!("a@{}.de", "x.".repeat(120)),
        ] {
            assert!(EmailAddress::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn equal_spellings_are_one_address() {
        let address = |text| EmailAddress::parse(text).unwrap();
        assert_eq!(address("zoe\u{308}@mu\u{308}ller.example"), address("zoë@müller.example"));
    }

    #[test]
    fn an_address_does_not_show_in_logs() {
        assert_eq!(format!("{:?}", EmailAddress::parse("ann@example.org").unwrap()), "EmailAddress(..)");
    }
}
