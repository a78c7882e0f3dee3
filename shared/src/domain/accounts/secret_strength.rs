//! Which secrets are good enough to protect an account.

use std::iter;

use zxcvbn::{Score, zxcvbn};

use crate::domain::secret::Secret;

/// The shortest and the longest secret, in characters.
const MIN: usize = 8;
const MAX: usize = 128;

/// How many characters are scored at a time. What scoring costs grows with more than the square of that: 128 characters can
/// take a second, 32 take less than a tenth.
const SCORED: usize = 32;

/// Refuses secrets that are too short, too long, or that somebody guesses within a million attempts: leaked ones, words,
/// dates, keyboard patterns, and whatever is made from these texts, which everybody knows of the person. The error is a
/// sentence for the field. Asks nobody: the lists are part of the program.
///
/// A long secret is as hard to guess as any part of it.
pub fn check(secret: &Secret, known: &[String]) -> Result<(), &'static str> {
    match secret.reveal().chars().count() {
        ..MIN => return Err("At least 8 characters."),
        MIN..=MAX => {}
        _ => return Err("At most 128 characters."),
    }
    // The parts of a name give it away as well as the whole.
    let parts = known.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
    let known = known.iter().map(String::as_str).chain(parts).flat_map(scored_parts);
    let known: Vec<&str> = known.filter(|part| part.len() > 2).collect();
    let is_hard = |part: &str| zxcvbn(part, &known).score() >= Score::Two;
    if scored_parts(secret.reveal()).any(is_hard) {
        return Ok(());
    }
    Err("Too easy to guess: it is often used, has leaked somewhere, or is close to your name.")
}

/// A text in parts that are short enough to be scored.
fn scored_parts(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    iter::from_fn(move || {
        let end = rest.char_indices().nth(SCORED).map_or(rest.len(), |(end, _)| end);
        let (part, after) = rest.split_at(end);
        rest = after;
        (!part.is_empty()).then_some(part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(text: &str, known: &[&str]) -> Result<(), &'static str> {
        let known: Vec<_> = known.iter().map(|text| (*text).to_owned()).collect();
        check(&Secret::new(text).unwrap(), &known)
    }

    #[test]
    fn what_is_on_every_list_is_refused() {
        for trivial in [
            "password",
            "Password1",
            "P@ssw0rd",
            "12345678",
            "123456789012",
            "qwertyuiop",
            "iloveyou",
            "letmein1",
            "aaaaaaaaaaaa",
            "abcdefgh",
            "1q2w3e4r",
            "sunshine",
            "football1",
            "19900101",
            "baseball",
        ] {
            assert!(checked(trivial, &[]).unwrap_err().starts_with("Too easy"), "{trivial}");
        }
    }

    #[test]
    fn what_is_made_from_the_persons_own_names_is_refused() {
        let known = ["grzelakowski", "ada.grzelakowski@example.org"];
        for own in ["grzelakowski", "Grzelakowski1", "ikswokalezrg", "ada.grzelakowski@example.org"] {
            assert!(checked(own, &known).is_err(), "{own}");
        }
        assert_eq!(checked("grzelakowski", &[]), Ok(()), "nobody's name here");
    }

    #[test]
    fn a_long_name_of_ones_own_is_refused_too() {
        let address = "ada.grzelakowski-brzeczyszczykiewiczowna-szczebrzeszynska@example.org";
        assert!(checked(address, &[address]).is_err());
        assert_eq!(checked(address, &[]), Ok(()), "nobody's address here");
    }

    #[test]
    fn what_is_hard_to_guess_anywhere_is_hard_to_guess() {
        for weak in ["a".repeat(64), "password".repeat(8), "12345678".repeat(16)] {
            assert!(checked(&weak, &[]).is_err(), "{weak}");
            let with_more = format!("{}kX3!vq9Zt-lamp{}", &weak[..32], &weak[..32]);
            assert_eq!(checked(&with_more, &[]), Ok(()), "{with_more}");
        }
    }

    #[test]
    fn no_more_is_scored_at_a_time_than_takes_a_moment() {
        let longest = "é4@8(6[<{3!1|l7+".repeat(8);
        assert_eq!(scored_parts(&longest).collect::<String>(), longest);
        assert!(scored_parts(&longest).all(|part| part.chars().count() <= SCORED));
        assert_eq!(scored_parts("").count(), 0);
    }

    #[test]
    fn phrases_and_random_passwords_pass() {
        for good in
            ["correct horse battery staple", "my cat sings at noon", "kX3!vq9Zt", "Übergrößenträger-17"]
        {
            assert_eq!(checked(good, &["ann"]), Ok(()), "{good}");
        }
    }

    #[test]
    fn a_secret_has_8_to_128_characters() {
        assert_eq!(checked("kX3!vq9", &[]), Err("At least 8 characters."));
        assert_eq!(checked("ßüäöÖÄÜé", &[]), Ok(()), "characters, not bytes");
        let long = "kX3!vq9Z ".repeat(15);
        assert_eq!(checked(&long[..128], &[]), Ok(()));
        assert_eq!(checked(&long[..129], &[]), Err("At most 128 characters."));
    }
}
