//! Recognizes a request that is sent again, by its `Idempotency-Key`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::ids::ClientMsgId;

/// The name under which a room's log remembers what came by a request of that key: it is no longer than other names are,
/// and what a client calls its messages does not read like it by chance.
pub(super) fn remembered_as(key: &str) -> Option<ClientMsgId> {
    format!("request:{}", URL_SAFE_NO_PAD.encode(Sha256::digest(key))).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_a_name_of_its_own() {
        let (long, longer) = ("k".repeat(199), "k".repeat(200));
        let names = ["k", &long, &longer].map(|key| remembered_as(key).unwrap());
        assert!(names[0] != names[1] && names[1] != names[2]);
        assert_eq!(remembered_as("k"), Some(names[0].clone()));
    }
}
