//! What a receiver knows us by.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::protocol::Timestamp;

/// How the text of a secret begins, as in Standard Webhooks.
const PREFIX: &str = "whsec_";

/// A webhook's secret. It is stored as it is, since we sign by it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookSecret([u8; 24]);

/// Shows nothing of it.
impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookSecret(..)")
    }
}

impl WebhookSecret {
    /// A secret of these bytes, which nobody can guess.
    pub fn new(bytes: [u8; 24]) -> Self {
        Self(bytes)
    }

    /// Its text, for whoever configures the receiver.
    pub fn text(&self) -> String {
        format!("{PREFIX}{}", STANDARD.encode(self.0))
    }

    /// The value of `webhook-signature`, as Standard Webhooks has it: over name, moment and body, so that none of them can
    /// be replaced.
    pub fn signature(&self, id: &str, at: Timestamp, body: &str) -> String {
        // An HMAC takes keys of any length.
        let mac = Hmac::<Sha256>::new_from_slice(&self.0);
        let signed = mac.map(|mac| mac.chain_update(format!("{id}.{}.{body}", at.as_secs())));
        let bytes = signed.map(|mac| mac.finalize().into_bytes().to_vec()).unwrap_or_default();
        format!("v1,{}", STANDARD.encode(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification of Standard Webhooks.
    #[test]
    fn signatures_are_those_of_standard_webhooks() {
        let key = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let secret = WebhookSecret::new(key.try_into().unwrap());
        assert_eq!(secret.text(), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let (id, at) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", Timestamp::from_secs(1_614_265_330));
        let signature = secret.signature(id, at, r#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_secret_is_not_shown_in_logs() {
        assert_eq!(format!("{:?}", WebhookSecret::new([7; 24])), "WebhookSecret(..)");
    }
}
