//! Names as API Gateway makes them up.

use std::cell::RefCell;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;
use parlor::ids::{ConnectionId, InvalidId};
use parlor::ports::Random;
use parlor::protocol::Timestamp;
use parlor::system::OsRandom;
use smol_str::SmolStr;

/// These make 15 base64 characters and a `=`.
const RANDOM_BYTES: usize = 11;
const NAME_BYTES: usize = 16;

/// As many bytes as are asked for at once: a whole number of names.
const POOL_BYTES: usize = 100 * RANDOM_BYTES;

thread_local! {
    static POOL: RefCell<Pool> = const { RefCell::new(Pool { bytes: [0; POOL_BYTES], used: POOL_BYTES }) };
}

/// A new name for a request or a message.
pub(super) fn new_id() -> SmolStr {
    let mut text = [0; NAME_BYTES];
    // It fits: it is as long as these make it.
    let length = URL_SAFE.encode_slice(POOL.with_borrow_mut(Pool::next), &mut text).unwrap_or_default();
    std::str::from_utf8(&text[..length]).unwrap_or_default().into()
}

/// Random bytes that were asked of the system together: it takes as long for one name as for a hundred, and there are two
/// names in each event.
struct Pool {
    bytes: [u8; POOL_BYTES],
    used: usize,
}

impl Pool {
    fn next(&mut self) -> [u8; RANDOM_BYTES] {
        if self.used == POOL_BYTES {
            OsRandom.fill(&mut self.bytes);
            self.used = 0;
        }
        let mut next = [0; RANDOM_BYTES];
        next.copy_from_slice(&self.bytes[self.used..self.used + RANDOM_BYTES]);
        self.used += RANDOM_BYTES;
        next
    }
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
        assert_eq!(parse_connection_id(&id).map(String::from), Some(id.into()));
        assert!(parse_connection_id("TXzPWdnOjoECGjA=").is_some());
    }

    #[test]
    fn no_name_is_given_twice() {
        let names: std::collections::HashSet<SmolStr> = (0..1000).map(|_| new_id()).collect();
        assert_eq!(names.len(), 1000);
    }

    #[test]
    fn other_texts_are_no_connection_ids() {
        for bad in ["", "x", "TXzPWdnOjoECGjA", "TXzPWdnOjoECGjAA", "TXzPWdn jo/CGjA=", "TXzPWdnOjoECG=="] {
            assert!(parse_connection_id(bad).is_none(), "{bad:?}");
        }
    }
}
