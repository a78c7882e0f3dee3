//! Tokens of the links that are sent by mail.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::domain::token::TokenHash;
use crate::ids::UserId;

/// What a link is good for. One kind does not pass for the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    /// Shows that an address is its account's.
    VerifyEmail,
    /// Replaces forgotten secrets.
    ResetPassword,
}

impl LinkKind {
    /// For how long it is good, in seconds.
    pub fn life(self) -> i64 {
        match self {
            Self::VerifyEmail => 24 * 3600,
            Self::ResetPassword => 3600,
        }
    }

    fn prefix(self) -> &'static str {
        match self {
            Self::VerifyEmail => "plv_",
            Self::ResetPassword => "plp_",
        }
    }
}

/// A random secret that names its account: the link is found by one read, and only a hash of the secret is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct LinkToken {
    /// What it is good for.
    pub kind: LinkKind,
    /// Whose it is.
    pub user: UserId,
    secret: [u8; 32],
}

const LENGTH: usize = 8 + 32;

impl LinkToken {
    /// A token with this secret.
    pub fn new(kind: LinkKind, user: UserId, secret: [u8; 32]) -> Self {
        Self { kind, user, secret }
    }

    /// Reads a token; none if the text isn't one of this kind.
    pub fn parse(kind: LinkKind, text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text.trim().strip_prefix(kind.prefix())?).ok()?;
        let bytes: [u8; LENGTH] = bytes.try_into().ok()?;
        let user = UserId(u64::from_be_bytes(bytes[..8].try_into().ok()?));
        Some(Self { kind, user, secret: bytes[8..].try_into().ok()? })
    }

    /// The token as it stands in the link.
    pub fn reveal(&self) -> String {
        let bytes = [&self.user.0.to_be_bytes()[..], &self.secret].concat();
        format!("{}{}", self.kind.prefix(), URL_SAFE_NO_PAD.encode(bytes))
    }

    /// What is stored of it.
    pub fn hash(&self) -> TokenHash {
        TokenHash::of(self.kind.prefix(), &self.secret)
    }
}

/// Says only what kind of token it is.
impl fmt::Debug for LinkToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LinkToken").field("kind", &self.kind).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> LinkToken {
        LinkToken::new(LinkKind::ResetPassword, UserId(7), [2; 32])
    }

    #[test]
    fn a_token_is_read_back_as_the_one_that_was_sent() {
        let read = LinkToken::parse(LinkKind::ResetPassword, &format!(" {}\n", token().reveal()));
        assert_eq!(read.as_ref(), Some(&token()));
        assert_eq!(read.map(|read| read.hash()), Some(token().hash()));
    }

    #[test]
    fn one_kind_does_not_pass_for_the_other() {
        let text = token().reveal();
        assert!(LinkToken::parse(LinkKind::VerifyEmail, &text).is_none());
        let renamed = LinkToken::parse(LinkKind::VerifyEmail, &text.replace("plp_", "plv_")).unwrap();
        assert!(renamed.hash() != token().hash());
    }

    #[test]
    fn garbled_tokens_are_none() {
        let text = token().reveal();
        for bad in ["", "plp_", "x", &text[..text.len() - 1], &format!("{text}A"), &text.replace("plp_", "")]
        {
            assert!(LinkToken::parse(LinkKind::ResetPassword, bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn a_token_needs_no_escapes_in_a_url_and_never_shows_in_logs() {
        let text = LinkToken::new(LinkKind::VerifyEmail, UserId(u64::MAX), [0xfb; 32]).reveal();
        assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)), "{text}");
        assert_eq!(format!("{:?}", token()), "LinkToken { kind: ResetPassword, .. }");
    }
}
