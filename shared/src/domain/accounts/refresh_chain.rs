//! Refresh tokens that follow one another within a session.
//!
//! The same old token must give the same new ones again for a while, since answers get lost, and yet no token may lie in the
//! table. So a token's successor is derived: HMAC of its secret, under a key that lies with the session. Whoever reads
//! the table alone lacks the secret, and whoever holds an old token alone lacks the key. The session token, which
//! stays the same, lies there too, under a pad that is derived from the newest refresh token: only its holder can open it.
//! From an old token all that came after it can be derived, so that an old one is told from one that never was.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::Sha256;

use crate::domain::token::{OpaqueToken, TokenHash, TokenKind};
use crate::protocol::Timestamp;

/// How long the token before the newest one still gives the newest one, in seconds.
const REPEATS_FOR: i64 = 30;
/// How many generations back an old token is known as one.
const KNOWN_GENERATIONS: u32 = 1000;

/// What a session knows of its refresh tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshChain {
    refresh_key: Bytes,
    /// Of the newest one.
    pub refresh_hash: TokenHash,
    sealed_token: Bytes,
    /// When the newest one was made, in microseconds since 1970.
    rotated_at: i64,
    /// How many came before the newest one.
    rotations: u32,
}

/// What a refresh token is exchanged for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchanged {
    /// The newest refresh token.
    pub refresh_token: OpaqueToken,
    /// The session's own token, as ever.
    pub session_token: OpaqueToken,
    /// When they were given out first.
    pub issued_at: Timestamp,
}

/// What becomes of a refresh token that somebody shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exchange {
    /// It is the newest one: this chain takes the place of the one before.
    Rotate(RefreshChain, Exchanged),
    /// It was exchanged a moment ago, and is again for the same.
    Repeat(Exchanged),
    /// It was exchanged before, by somebody else than who has it now: one of the two stole it.
    Reused,
    /// It never was one of this session's.
    Foreign,
}

impl RefreshChain {
    /// A chain that begins with these tokens, under a key of chance.
    pub fn new(
        key: [u8; 32],
        session_token: &OpaqueToken,
        refresh_token: &OpaqueToken,
        now: Timestamp,
    ) -> Self {
        Self {
            refresh_key: Bytes(key),
            refresh_hash: refresh_token.hash(),
            sealed_token: Bytes(xor(*session_token.secret(), pad(refresh_token))),
            rotated_at: now.as_micros(),
            rotations: 0,
        }
    }

    /// What becomes of a token now.
    pub fn exchange(&self, token: &OpaqueToken, now: Timestamp) -> Exchange {
        if token.hash() == self.refresh_hash {
            let (chain, exchanged) = self.rotate(token, now);
            return Exchange::Rotate(chain, exchanged);
        }
        let issued_at = Timestamp::from_micros(self.rotated_at);
        let next = self.successor(token);
        if next.hash() == self.refresh_hash && now.as_secs() - issued_at.as_secs() <= REPEATS_FOR {
            let session_token = self.session_token(&next);
            return Exchange::Repeat(Exchanged { refresh_token: next, session_token, issued_at });
        }
        if self.leads_here(next) { Exchange::Reused } else { Exchange::Foreign }
    }

    fn rotate(&self, token: &OpaqueToken, now: Timestamp) -> (Self, Exchanged) {
        let (session_token, refresh_token) = (self.session_token(token), self.successor(token));
        let mut chain = Self::new(self.refresh_key.0, &session_token, &refresh_token, now);
        chain.rotations = self.rotations.saturating_add(1);
        (chain, Exchanged { refresh_token, session_token, issued_at: now })
    }

    /// Whether the newest token comes after this one.
    fn leads_here(&self, mut token: OpaqueToken) -> bool {
        for _ in 0..self.rotations.min(KNOWN_GENERATIONS) {
            if token.hash() == self.refresh_hash {
                return true;
            }
            token = self.successor(&token);
        }
        false
    }

    fn successor(&self, token: &OpaqueToken) -> OpaqueToken {
        let secret = derive(&self.refresh_key.0, b"next", token.secret());
        OpaqueToken::new(TokenKind::Refresh, token.identity.clone(), secret)
    }

    /// The session's token, for whoever has the newest refresh token.
    fn session_token(&self, newest: &OpaqueToken) -> OpaqueToken {
        let secret = xor(self.sealed_token.0, pad(newest));
        OpaqueToken::new(TokenKind::Session, newest.identity.clone(), secret)
    }
}

/// Every token seals once: no pad is ever used for two texts.
fn pad(token: &OpaqueToken) -> [u8; 32] {
    derive(token.secret(), b"seal", &[])
}

fn derive(key: &[u8; 32], purpose: &[u8], secret: &[u8]) -> [u8; 32] {
    // HMAC takes keys of any length, so that the fallback is never needed.
    let hmac =
        Hmac::<Sha256>::new_from_slice(key).map(|hmac| hmac.chain_update(purpose).chain_update(secret));
    hmac.map(|hmac| hmac.finalize().into_bytes().into()).unwrap_or_default()
}

fn xor(mut left: [u8; 32], right: [u8; 32]) -> [u8; 32] {
    left.iter_mut().zip(right).for_each(|(left, right)| *left ^= right);
    left
}

/// 32 bytes that are stored as base64url and shown to nobody.
#[derive(Clone, PartialEq, Eq)]
struct Bytes([u8; 32]);

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bytes(..)")
    }
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or_else(|| serde::de::Error::custom("not 32 bytes of base64url"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::identity::Identity;
    use crate::ids::{SessionId, UserId};

    fn token(kind: TokenKind, secret: u8) -> OpaqueToken {
        let identity = Identity { user: UserId(7), session: SessionId::from_random([1; 16]) };
        OpaqueToken::new(kind, identity, [secret; 32])
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_secs(1_000_000_000 + seconds)
    }

    /// A chain of a session token of twos that begins with a refresh token of threes.
    fn chain() -> (RefreshChain, OpaqueToken) {
        let refresh = token(TokenKind::Refresh, 3);
        (RefreshChain::new([4; 32], &token(TokenKind::Session, 2), &refresh, at(0)), refresh)
    }

    fn rotate(chain: &RefreshChain, token: &OpaqueToken, now: Timestamp) -> (RefreshChain, Exchanged) {
        match chain.exchange(token, now) {
            Exchange::Rotate(chain, exchanged) => (chain, exchanged),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_newest_token_gives_a_new_one_and_the_sessions_own_as_ever() {
        let (mut chain, mut newest) = chain();
        for generation in 0..5 {
            let (next, exchanged) = rotate(&chain, &newest, at(generation));
            assert_eq!(exchanged.session_token, token(TokenKind::Session, 2));
            assert_ne!(exchanged.refresh_token, newest);
            assert_eq!(exchanged.issued_at, at(generation));
            (chain, newest) = (next, exchanged.refresh_token);
        }
    }

    #[test]
    fn the_one_before_gives_the_same_for_half_a_minute() {
        let (first, old) = chain();
        let (second, exchanged) = rotate(&first, &old, at(10));
        for later in [10, 40] {
            assert_eq!(second.exchange(&old, at(later)), Exchange::Repeat(exchanged.clone()));
        }
        assert_eq!(second.exchange(&old, at(41)), Exchange::Reused);
    }

    #[test]
    fn older_ones_are_known_as_such_at_once() {
        let (first, old) = chain();
        let (second, exchanged) = rotate(&first, &old, at(1));
        let (third, newest) = rotate(&second, &exchanged.refresh_token, at(2));
        assert_eq!(third.exchange(&old, at(3)), Exchange::Reused);
        let (fourth, _) = rotate(&third, &newest.refresh_token, at(4));
        for token in [&old, &exchanged.refresh_token] {
            assert_eq!(fourth.exchange(token, at(5)), Exchange::Reused);
        }
    }

    #[test]
    fn who_only_knows_the_sessions_name_ends_nothing() {
        let (first, old) = chain();
        let (second, _) = rotate(&first, &old, at(1));
        for chain in [first, second] {
            assert_eq!(chain.exchange(&token(TokenKind::Refresh, 9), at(2)), Exchange::Foreign);
        }
    }

    #[test]
    fn what_is_stored_reads_back_and_holds_no_token() {
        let (first, old) = chain();
        let (second, exchanged) = rotate(&first, &old, at(1));
        let stored = serde_json::to_string(&second).unwrap();
        assert_eq!(serde_json::from_str::<RefreshChain>(&stored).unwrap(), second);
        for token in [&old, &exchanged.refresh_token, &exchanged.session_token] {
            assert!(!stored.contains(&URL_SAFE_NO_PAD.encode(token.secret())));
        }
        assert!(!format!("{second:?}").contains(&URL_SAFE_NO_PAD.encode([4; 32])));
    }

    #[test]
    fn another_sessions_key_leads_elsewhere() {
        let (first, old) = chain();
        let other = RefreshChain { refresh_key: Bytes([5; 32]), ..first.clone() };
        assert_ne!(first.successor(&old), other.successor(&old));
    }
}
