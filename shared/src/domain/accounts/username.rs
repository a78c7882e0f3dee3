//! The name that somebody signs in by.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The longest beginning that is looked for, in bytes: keys of the table have no more.
const MAX_BEGINNING: usize = 1024;

/// A username as it was chosen. Two that differ only in case are the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Username(String);

impl Username {
    /// Reads a username. The error is a sentence for the field.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let name = text.trim();
        match name.chars().count() {
            0 => return Err("Choose a username."),
            1..=2 => return Err("At least 3 characters."),
            3..=40 => {}
            _ => return Err("At most 40 characters."),
        }
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_.- ".contains(&byte);
        // Pages for signing up send full names, too.
        let is_spaced_well = !name.contains("  ");
        if !name.bytes().all(allowed) || !is_spaced_well || !name.as_bytes()[0].is_ascii_alphanumeric() {
            return Err("Letters a to z, digits, _ . - and single spaces, a letter or digit first.");
        }
        Ok(Self(name.to_owned()))
    }

    /// Reads how a username begins. The error is a sentence for the field.
    pub fn beginning(text: &str) -> Result<&str, &'static str> {
        let is_possible = text.len() <= MAX_BEGINNING;
        is_possible.then_some(text).ok_or("At most 1,024 bytes.")
    }

    /// The spelling that keys use.
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// As it was chosen.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_username_keeps_its_spelling_and_matches_without_regard_to_case() {
        let name = Username::parse(" Ann_Lee.2 ").unwrap();
        assert_eq!((name.as_str(), name.folded().as_str()), ("Ann_Lee.2", "ann_lee.2"));
        assert_eq!(Username::parse(" Ann Mary Lee ").unwrap().folded(), "ann mary lee");
    }

    #[test]
    fn a_beginning_that_no_key_has_room_for_is_refused() {
        assert!(Username::beginning(&"x".repeat(1024)).is_ok());
        assert!(Username::beginning(&"é".repeat(513)).is_err());
    }

    #[test]
    fn other_names_are_refused_with_a_sentence() {
        for bad in [
            "",
            "  ",
            "ab",
            "ann  lee",
            "ann\u{a0}lee",
            "ann\tlee",
            "ann@example.org",
            "änne",
            "_ann",
            "-ann",
            "ann#1",
            // A KELVIN SIGN is no K, and what nobody sees makes no other name.
            "\u{212A}elvin",
            "ann\u{3164}",
            "a\u{AD}nn",
            &"x".repeat(41),
        ] {
            assert!(Username::parse(bad).is_err(), "{bad:?}");
        }
        assert!(Username::parse(&"x".repeat(40)).is_ok());
    }
}
