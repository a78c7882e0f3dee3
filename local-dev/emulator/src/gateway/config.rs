//! What an emulated API is like.

use std::time::Duration;

use crate::arn::REGION;

/// What an emulated API is like; the defaults are AWS's, but for [`Refusals`].
#[derive(Debug, Clone)]
pub struct GatewayConfig {
    /// The stage's name.
    pub stage: String,
    /// The region that it is said to be in.
    pub region: String,
    /// The API's name in events.
    pub api_id: String,
    /// What a refused handshake looks like.
    pub refusals: Refusals,
    /// What becomes of `$disconnect` events.
    pub disconnects: Disconnects,
    /// The longest time that a function may take.
    pub integration_timeout: Duration,
    /// A socket without messages for so long is closed.
    pub idle_timeout: Duration,
    /// A socket as old as that is closed.
    pub max_age: Duration,
    /// The largest frame from a client, in bytes.
    pub max_frame_bytes: usize,
    /// The largest message from a client, or to one, in bytes.
    pub max_message_bytes: usize,
    /// The longest request target, in characters.
    pub max_url_chars: usize,
    /// So many messages of one socket are handled at a time; it is not read further meanwhile.
    pub messages_at_a_time: usize,
}

impl Default for GatewayConfig {
    fn default() -> Self {
        Self {
            stage: "local".to_owned(),
            region: REGION.to_owned(),
            api_id: "local-dev".to_owned(),
            refusals: Refusals::Close,
            disconnects: Disconnects::Deliver,
            integration_timeout: Duration::from_secs(29),
            idle_timeout: Duration::from_secs(600),
            max_age: Duration::from_secs(7200),
            max_frame_bytes: 32 * 1024,
            max_message_bytes: 128 * 1024,
            max_url_chars: 4096,
            messages_at_a_time: 16,
        }
    }
}

/// What a refused handshake looks like to the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusals {
    /// The status that `$connect` answered: as on AWS.
    Status,
    /// If the answer's body is JSON with an integer `close`: an open socket that is closed at once with that code, and
    /// the body's `code` as the reason, so that a browser can read it. Else the status.
    Close,
}

/// What becomes of `$disconnect` events, which AWS delivers with best effort only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disconnects {
    /// They come at once.
    Deliver,
    /// They come late.
    Delay(Duration),
    /// They never come.
    Drop,
}
