//! Tokens: what a sign-in hands out, and what is left of it on our side.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::domain::identity::Identity;
use crate::ids::{SessionId, UserId};

/// What an opaque token is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// Stands for the person; lives as long as its session.
    Session,
    /// Is exchanged for new tokens.
    Refresh,
    /// Opens one socket, soon.
    Ticket,
}

impl TokenKind {
    fn prefix(self) -> &'static str {
        match self {
            Self::Session => "pls_",
            Self::Refresh => "plr_",
            Self::Ticket => "plt_",
        }
    }
}

/// A random secret that names its session: the session is found by one read, and only a hash of the secret is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct OpaqueToken {
    /// What it is good for.
    pub kind: TokenKind,
    /// Whose it is.
    pub identity: Identity,
    secret: [u8; 32],
}

const LENGTH: usize = 8 + 16 + 32;

impl OpaqueToken {
    /// A token with this secret.
    pub fn new(kind: TokenKind, identity: Identity, secret: [u8; 32]) -> Self {
        Self { kind, identity, secret }
    }

    /// Reads a token; none if the text isn't one of this kind.
    pub fn parse(kind: TokenKind, text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text.strip_prefix(kind.prefix())?).ok()?;
        let bytes: [u8; LENGTH] = bytes.try_into().ok()?;
        let user = UserId(u64::from_be_bytes(bytes[..8].try_into().ok()?));
        let session = SessionId::from_random(bytes[8..24].try_into().ok()?);
        let secret = bytes[24..].try_into().ok()?;
        Some(Self { kind, identity: Identity { user, session }, secret })
    }

    /// The token as it is handed out.
    pub fn reveal(&self) -> String {
        let mut bytes = Vec::with_capacity(LENGTH);
        bytes.extend(self.identity.user.0.to_be_bytes());
        bytes.extend(self.identity.session.as_bytes());
        bytes.extend(self.secret);
        format!("{}{}", self.kind.prefix(), URL_SAFE_NO_PAD.encode(bytes))
    }

    /// What makes it unguessable.
    pub(in crate::domain) fn secret(&self) -> &[u8; 32] {
        &self.secret
    }

    /// What is stored of it. The secret is random, so that a plain hash is enough.
    pub fn hash(&self) -> TokenHash {
        TokenHash::of(self.kind.prefix(), &self.secret)
    }
}

/// Says only what kind of token it is.
impl fmt::Debug for OpaqueToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpaqueToken").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// What is stored of an opaque token. Compared in constant time.
#[derive(Debug, Clone, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TokenHash(String);

impl TokenHash {
    /// The hash of a kind of token's secret.
    pub(in crate::domain) fn of(kind: &str, secret: &[u8; 32]) -> Self {
        let digest = Sha256::new().chain_update(kind).chain_update(secret).finalize();
        Self(URL_SAFE_NO_PAD.encode(digest))
    }

    /// The hash as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PartialEq for TokenHash {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> OpaqueToken {
        let identity = Identity { user: UserId(7), session: SessionId::from_random([1; 16]) };
        OpaqueToken::new(TokenKind::Session, identity, [2; 32])
    }

    #[test]
    fn a_token_is_read_back_as_the_one_that_was_handed_out() {
        let read = OpaqueToken::parse(TokenKind::Session, &token().reveal());
        assert_eq!(read.as_ref(), Some(&token()));
        assert_eq!(read.map(|read| read.hash()), Some(token().hash()));
    }

    #[test]
    fn one_kind_does_not_pass_for_the_other() {
        let text = token().reveal();
        assert!(OpaqueToken::parse(TokenKind::Refresh, &text).is_none());
        assert!(
            OpaqueToken::parse(TokenKind::Refresh, &text.replace("pls_", "plr_")).unwrap().hash()
                != token().hash()
        );
    }

    #[test]
    fn garbled_tokens_are_none() {
        let text = token().reveal();
        for bad in ["", "pls_", "x", &text[..text.len() - 1], &format!("{text}A"), &text.replace("pls_", "")]
        {
            assert!(OpaqueToken::parse(TokenKind::Session, bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn a_token_never_shows_its_secret_in_logs() {
        assert_eq!(format!("{:?}", token()), "OpaqueToken { kind: Session, .. }");
    }
}
