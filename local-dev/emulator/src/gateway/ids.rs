//! Names as API Gateway makes them up.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;
use parlor::ids::{ConnectionId, InvalidId};
use parlor::ports::Random;
use parlor::protocol::Timestamp;
use parlor::system::OsRandom;

/// These make 15 base64 characters and a `=`.
const RANDOM_BYTES: usize = 11;

/// A new name for a request or a message.
pub(super) fn new_id() -> String {
    let mut bytes = [0; RANDOM_BYTES];
    OsRandom.fill(&mut bytes);
    URL_SAFE.encode(bytes)
}

/// A new X-Ray trace, which nobody records.
pub(crate) fn new_trace(now: Timestamp) -> String {
    let mut bytes = [0; 12];
    OsRandom.fill(&mut bytes);
    let random: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("Root=1-{:08x}-{random};Sampled=0", now.as_secs())
}

/// A new name for a connection.
pub(super) fn new_connection_id() -> Result<ConnectionId, InvalidId> {
    new_id().parse()
}

/// A connection's name, if it looks like one.
pub(super) fn parse_connection_id(text: &str) -> Option<ConnectionId> {
    let decoded = URL_SAFE.decode(text.replace('+', "-").replace('/', "_")).ok()?;
    (decoded.len() == RANDOM_BYTES).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_ids_look_like_the_gateways_own() {
        let id = new_id();
        assert_eq!(id.len(), 16);
        assert!(id.ends_with('='));
        assert_eq!(parse_connection_id(&id).map(String::from), Some(id));
        assert!(parse_connection_id("TXzPWdnOjoECGjA=").is_some());
    }

    #[test]
    fn other_texts_are_no_connection_ids() {
        for bad in ["", "x", "TXzPWdnOjoECGjA", "TXzPWdnOjoECGjAA", "TXzPWdn jo/CGjA=", "TXzPWdnOjoECG=="] {
            assert!(parse_connection_id(bad).is_none(), "{bad:?}");
        }
    }
}
