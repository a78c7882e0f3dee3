//! Room codes: generated ones are easily read out, chosen ones collide with no path.

use crate::ids::RoomCode;

/// The characters of generated codes: none looks like another one.
const ALPHABET: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
/// How many of them a generated code has: a billion codes.
const LENGTH: usize = 6;
/// Codes of digits are read as numbers of 32 bits by some clients.
const LARGEST_NUMBER: u64 = (1 << 31) - 1;

/// The code of the lobby.
pub const LOBBY: &str = "lobby";

/// Words that name something else: parts of paths, and the lobby.
const RESERVED: [&str; 34] = [
    "create",
    "join",
    "approve",
    "delete",
    "public",
    "participants",
    "source",
    "progress",
    "search",
    LOBBY,
    "detail",
    "messages",
    "events",
    "members",
    "leave",
    "kick",
    "ban",
    "unban",
    "mute",
    "unmute",
    "host",
    "cohost",
    "uncohost",
    "invitations",
    "queue",
    "resume",
    "export",
    "audit",
    "read",
    "rooms",
    "ws",
    "api",
    "chat",
    "room",
];

/// Why a chosen code can't be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeRefused(pub &'static str);

/// A code that somebody chose.
pub fn chosen_code(text: &str) -> Result<RoomCode, CodeRefused> {
    let code: RoomCode =
        text.trim().parse().map_err(|_| CodeRefused("Letters a to z, digits, _ and -, at most 64."))?;
    if RESERVED.contains(&code.folded().as_str()) {
        return Err(CodeRefused("This word is reserved."));
    }
    if code.is_number() && !is_small_number(code.as_str()) {
        return Err(CodeRefused("A code of digits must lie below 2147483648 and not begin with 0."));
    }
    Ok(code)
}

fn is_small_number(digits: &str) -> bool {
    !digits.starts_with('0') && digits.parse::<u64>().is_ok_and(|number| number <= LARGEST_NUMBER)
}

/// A code from random bytes. It holds a letter: digits alone would change how some clients are spoken to.
pub fn generated_code(bytes: [u8; LENGTH]) -> Option<RoomCode> {
    let pick = |byte: u8| char::from(ALPHABET[usize::from(byte) % ALPHABET.len()]);
    let code: RoomCode = bytes.into_iter().map(pick).collect::<String>().parse().ok()?;
    (!code.is_number() && !RESERVED.contains(&code.as_str())).then_some(code)
}

/// A conversation's code from random bytes: nine digits without a leading 0, since its clients read it as a number.
pub fn conversation_code(bytes: [u8; 8]) -> Option<RoomCode> {
    let number = 100_000_000 + u64::from_be_bytes(bytes) % 900_000_000;
    number.to_string().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chosen_codes_are_short_words_that_mean_nothing_else() {
        for good in ["2nd_year", "backend_2_3", "Movie-Night", "7", "2147483647", "x"] {
            assert!(chosen_code(good).is_ok(), "{good}");
        }
        for bad in
            ["", "a b", "é", "Lobby", "JOIN", "007", "2147483648", "99999999999999999999", &"x".repeat(65)]
        {
            assert!(chosen_code(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn generated_codes_hold_a_letter_and_no_look_alikes() {
        for seed in 0..=255_u8 {
            let bytes =
                [0, 1, 2, 3, 4, 5].map(|step: u8| seed.wrapping_mul(37).wrapping_add(step.wrapping_mul(91)));
            let Some(code) = generated_code(bytes) else { continue };
            assert_eq!(code.as_str().len(), LENGTH);
            assert!(!code.as_str().contains(['0', 'o', '1', 'l', 'i']), "{code}");
            assert!(!code.is_number());
        }
        let digit = u8::try_from(ALPHABET.iter().position(|c| *c == b'7').unwrap()).unwrap();
        assert_eq!(generated_code([digit; LENGTH]), None);
    }

    #[test]
    fn conversation_codes_are_nine_digits() {
        for bytes in [[0; 8], [255; 8], [7; 8]] {
            let code = conversation_code(bytes).unwrap();
            assert!(
                code.as_str().len() == 9 && code.is_number() && !code.as_str().starts_with('0'),
                "{code}"
            );
        }
    }
}
