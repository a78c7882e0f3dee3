//! What names a room.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::InvalidId;

text_id!(
    @compared_by_hand
    /// A room's code as it was created; two codes that differ only in case name the same room, and are equal.
    RoomCode,
    "room code",
    |text| (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b))
);

impl RoomCode {
    /// The spelling that keys use: codes match without regard to case.
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// Whether it is made of digits alone: some clients speak another dialect then.
    pub fn is_number(&self) -> bool {
        self.0.bytes().all(|byte| byte.is_ascii_digit())
    }
}

impl PartialEq for RoomCode {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for RoomCode {}

impl Hash for RoomCode {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for byte in self.0.bytes() {
            state.write_u8(byte.to_ascii_lowercase());
        }
        // What is hashed next must not seem to be part of the code.
        state.write_u8(0xff);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn code(text: &str) -> RoomCode {
        text.parse().unwrap()
    }

    #[test]
    fn codes_that_differ_only_in_case_are_one_and_keep_their_spelling() {
        assert_eq!(code("Kino"), code("kINO"));
        assert_ne!(code("kino"), code("kinos"));
        assert!(HashSet::from([code("Kino")]).contains(&code("kino")));
        assert_eq!(code("Kino").as_str(), "Kino");
    }

    #[test]
    fn a_code_of_digits_is_a_number() {
        assert!(code("17").is_number());
        assert!(!code("17a").is_number());
    }
}
