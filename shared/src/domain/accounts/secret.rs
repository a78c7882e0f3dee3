//! Passwords and phrases, and what is stored of them.

use std::fmt;

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use crate::domain::visible_text::composed;

/// What OWASP asks of Argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const HASH_BYTES: usize = 32;
/// No stored hash makes us take more memory than this, in KiB.
const MAX_MEMORY_KIB: u32 = 1 << 20;

/// A password or a phrase. Keyboards spell the same letters differently: what is hashed is one of the equal spellings (NFC).
#[derive(Clone)]
pub struct Secret {
    text: Box<str>,
    /// As it was typed, where that is another spelling: so it was hashed before spellings were made equal.
    typed: Option<Box<str>>,
}

impl Secret {
    /// What somebody typed; none if that is nothing.
    pub fn new(text: &str) -> Option<Self> {
        let composed = composed(text);
        let typed = (composed != text).then(|| text.into());
        (!text.is_empty()).then(|| Self { text: composed.into(), typed })
    }

    /// The text itself.
    pub(in crate::domain) fn reveal(&self) -> &str {
        &self.text
    }

    /// What is stored of it. Slow, and large, on purpose: never on a thread that others wait for.
    pub fn hash(&self, salt: [u8; 16]) -> Result<SecretHash, argon2::Error> {
        let cost = Cost { memory: MEMORY_KIB, passes: PASSES, lanes: LANES };
        let hash = cost.hash(self.reveal(), &salt)?;
        Ok(SecretHash::spell(cost, &salt, &hash))
    }

    /// Whether a stored hash is this secret's. As slow as making one, or two where it was typed in another spelling.
    pub fn is_behind(&self, stored: &SecretHash) -> bool {
        let Some((cost, salt, hash)) = stored.read() else {
            return false;
        };
        let is_of = |text: &str| cost.hash(text, &salt).is_ok_and(|own| own.ct_eq(&hash).into());
        let typed = self.typed.as_deref().is_some_and(is_of);
        is_of(self.reveal()) | typed
    }
}

/// Shows nothing of the text.
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// What is stored of a secret: Argon2id in the PHC string format, so that it stays good when the costs are raised.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretHash(String);

impl SecretHash {
    /// A hash that is nobody's, to be verified in place of one that is missing: no secret is behind it, and finding that
    /// out takes as long as with any other.
    pub fn decoy() -> Self {
        let cost = Cost { memory: MEMORY_KIB, passes: PASSES, lanes: LANES };
        Self::spell(cost, &[0; 16], &[0; HASH_BYTES])
    }

    fn spell(cost: Cost, salt: &[u8], hash: &[u8]) -> Self {
        let Cost { memory, passes, lanes } = cost;
        let (salt, hash) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(hash));
        Self(format!("$argon2id$v=19$m={memory},t={passes},p={lanes}${salt}${hash}"))
    }

    fn read(&self) -> Option<(Cost, Vec<u8>, [u8; HASH_BYTES])> {
        let mut parts = self.0.strip_prefix("$argon2id$v=19$")?.split('$');
        let cost = Cost::read(parts.next()?)?;
        let salt = STANDARD_NO_PAD.decode(parts.next()?).ok()?;
        let hash = STANDARD_NO_PAD.decode(parts.next()?).ok()?.try_into().ok()?;
        parts.next().is_none().then_some((cost, salt, hash))
    }
}

/// Whoever has a hash can try secrets on it.
impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(..)")
    }
}

#[derive(Debug, Clone, Copy)]
struct Cost {
    memory: u32,
    passes: u32,
    lanes: u32,
}

impl Cost {
    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split(',');
        let mut number = |name: &str| parts.next()?.strip_prefix(name)?.parse().ok();
        let cost = Self { memory: number("m=")?, passes: number("t=")?, lanes: number("p=")? };
        Some(cost).filter(|cost| cost.memory <= MAX_MEMORY_KIB)
    }

    fn hash(self, secret: &str, salt: &[u8]) -> Result<[u8; HASH_BYTES], argon2::Error> {
        let params = Params::new(self.memory, self.passes, self.lanes, Some(HASH_BYTES))?;
        let mut hash = [0; HASH_BYTES];
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        argon2.hash_password_into(secret.as_bytes(), salt, &mut hash)?;
        Ok(hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret {
        Secret::new(text).unwrap()
    }

    #[test]
    fn a_secret_is_behind_its_own_hash_and_no_other() {
        let hash = secret("blue llama on Tuesday").hash([7; 16]).unwrap();
        assert!(secret("blue llama on Tuesday").is_behind(&hash));
        assert!(!secret("blue llama on tuesday").is_behind(&hash));
        assert_ne!(hash, secret("blue llama on Tuesday").hash([8; 16]).unwrap());
    }

    #[test]
    fn every_spelling_of_the_same_letters_is_the_same_secret() {
        let (composed, decomposed) = ("pässwörd épée 7", "pa\u{308}sswo\u{308}rd e\u{301}pe\u{301}e 7");
        let hash = secret(decomposed).hash([7; 16]).unwrap();
        assert!(secret(composed).is_behind(&hash) && secret(decomposed).is_behind(&hash));
        assert!(!secret("password epee 7").is_behind(&hash));
        // Compatible is not equal.
        assert!(!secret("pässwörd épée ７").is_behind(&hash));
    }

    #[test]
    fn what_was_hashed_as_it_was_typed_is_still_taken() {
        let typed = "pa\u{308}sswort";
        let cost = Cost { memory: MEMORY_KIB, passes: PASSES, lanes: LANES };
        let before = SecretHash::spell(cost, &[7; 16], &cost.hash(typed, &[7; 16]).unwrap());
        assert!(secret(typed).is_behind(&before));
        assert!(!secret("passwort").is_behind(&before));
    }

    /// From the tests of the reference implementation: 64 MiB, two passes, `password` and `somesalt`.
    #[test]
    fn hashes_are_those_that_every_other_argon2_makes() {
        let foreign =
            "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        assert!(secret("password").is_behind(&SecretHash(foreign.to_owned())));
        assert!(!secret("Password").is_behind(&SecretHash(foreign.to_owned())));
    }

    #[test]
    fn what_is_stored_names_its_costs_which_are_those_that_owasp_asks_for() {
        let SecretHash(stored) = secret("x").hash([7; 16]).unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        let SecretHash(decoy) = SecretHash::decoy();
        assert_eq!(decoy.len(), stored.len());
        assert_eq!(decoy[..31], stored[..31]);
    }

    #[test]
    fn nothing_is_behind_a_decoy_or_a_broken_hash() {
        assert!(!secret("x").is_behind(&SecretHash::decoy()));
        let SecretHash(good) = secret("x").hash([7; 16]).unwrap();
        for bad in ["", "$", &good[..40], &format!("{good}$"), &good.replace("m=19456", "m=4294967295")] {
            assert!(!secret("x").is_behind(&SecretHash(bad.to_owned())), "{bad}");
        }
    }

    #[test]
    fn neither_a_secret_nor_its_hash_shows_in_logs() {
        assert_eq!(format!("{:?}", secret("hunter2")), "Secret(..)");
        assert_eq!(format!("{:?}", SecretHash::decoy()), "SecretHash(..)");
        assert!(Secret::new("").is_none());
    }
}
