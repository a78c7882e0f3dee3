//! What ties a browser to the sign-in that it began.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// A secret that one browser keeps while somebody signs in elsewhere. All that the sign-in is checked by follows from it, so
/// that nothing that could be used lies in the table.
#[derive(Clone, PartialEq, Eq)]
pub struct FlowSecret([u8; 32]);

impl FlowSecret {
    /// A secret of these random bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Reads what a browser kept.
    pub fn parse(text: &str) -> Option<Self> {
        Some(Self(URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?))
    }

    /// As the browser keeps it.
    pub fn reveal(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// What is stored of it.
    pub fn hash(&self) -> String {
        self.derived("browser")
    }

    /// What the provider puts into the ID token of this sign-in.
    pub fn nonce(&self) -> String {
        self.derived("nonce")
    }

    /// What shows that the code was asked for by us (PKCE).
    pub fn verifier(&self) -> String {
        self.derived("verifier")
    }

    fn derived(&self, purpose: &str) -> String {
        let digest = Sha256::new().chain_update(purpose).chain_update([0]).chain_update(self.0).finalize();
        URL_SAFE_NO_PAD.encode(digest)
    }
}

/// Never shows itself.
impl fmt::Debug for FlowSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FlowSecret").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_read_back_and_what_follows_from_it_tells_nothing_of_the_rest() {
        let secret = FlowSecret::new([7; 32]);
        assert_eq!(FlowSecret::parse(&secret.reveal()), Some(secret.clone()));
        let all = [secret.reveal(), secret.hash(), secret.nonce(), secret.verifier()];
        assert!((1..4).all(|n| all[..n].iter().all(|other| *other != all[n])), "{all:?}");
        // PKCE wants 43 to 128 characters.
        assert_eq!(secret.verifier().len(), 43);
        assert_ne!(secret.nonce(), FlowSecret::new([8; 32]).nonce());
    }

    #[test]
    fn garbled_secrets_are_none_and_none_is_shown() {
        for bad in ["", "x", "AAAA", &"A".repeat(44)] {
            assert_eq!(FlowSecret::parse(bad), None, "{bad}");
        }
        assert_eq!(format!("{:?}", FlowSecret::new([7; 32])), "FlowSecret { .. }");
    }
}
