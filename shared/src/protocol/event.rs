//! What the server says on sockets.

use serde::Serialize;
use serde_json::Value;

use super::{Close, Frame, FrameTooLarge, Timestamp};
use crate::ids::MediaId;

/// The text that every feed socket gets every ten seconds: verbatim, as the first clients know it.
const HEARTBEAT: &str = "[ping] Server heartbeat";

/// One message to clients.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The feed's heartbeat, a plain text.
    FeedHeartbeat,
    /// The answer to a `ping`; its name is lower case, as its clients know it.
    Pong {
        /// What the client sent, else our own time.
        timestamp: Option<Value>,
        /// Our time.
        server_time: Timestamp,
    },
    /// A medium was uploaded: play it.
    Play {
        /// Which one.
        media_id: MediaId,
    },
    /// A text for a room or a person that is not itself a JSON object.
    Broadcast {
        /// The text.
        text: String,
    },
    /// The last message before the application closes a socket.
    Closing {
        /// Why.
        reason: Close,
    },
}

#[derive(Serialize)]
struct PongBody<'a> {
    r#type: &'static str,
    timestamp: PongTime<'a>,
    server_time: Timestamp,
}

#[derive(Serialize)]
#[serde(untagged)]
enum PongTime<'a> {
    Theirs(&'a Value),
    Ours(Timestamp),
}

#[derive(Serialize)]
struct BroadcastBody<'a> {
    r#type: &'static str,
    text: &'a str,
}

#[derive(Serialize)]
struct ErrorBody {
    r#type: &'static str,
    code: &'static str,
    close: u16,
    message: &'static str,
}

impl Event {
    /// The message as it is sent. Fails only if a client's own text makes it too large.
    pub fn frame(&self) -> Result<Frame, FrameTooLarge> {
        Frame::new(match self {
            Self::FeedHeartbeat => HEARTBEAT.to_owned(),
            Self::Pong { timestamp, server_time } => {
                let timestamp = timestamp.as_ref().map_or(PongTime::Ours(*server_time), PongTime::Theirs);
                json(&PongBody { r#type: "pong", timestamp, server_time: *server_time })
            }
            // Spelled as the feed's documentation spells it, with a space after each colon and comma.
            Self::Play { media_id } => format!(r#"{{"action": "PLAY", "value": "{media_id}"}}"#),
            Self::Broadcast { text } => json(&BroadcastBody { r#type: "BROADCAST", text }),
            Self::Closing { reason } => json(&ErrorBody {
                r#type: "ERROR",
                code: reason.name(),
                close: reason.code(),
                message: reason.sentence(),
            }),
        })
    }
}

/// These bodies are plain structs with string keys: serializing them cannot fail.
fn json(body: &impl Serialize) -> String {
    serde_json::to_string(body).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sent(event: &Event) -> String {
        event.frame().unwrap().as_str().to_owned()
    }

    #[test]
    fn the_feeds_texts_are_those_that_its_clients_know() {
        assert_eq!(sent(&Event::FeedHeartbeat), "[ping] Server heartbeat");
        let media_id = "904cb473-5d17-4885-9363-46f466a7d140".parse().unwrap();
        assert_eq!(
            sent(&Event::Play { media_id }),
            r#"{"action": "PLAY", "value": "904cb473-5d17-4885-9363-46f466a7d140"}"#
        );
    }

    #[test]
    fn a_pong_carries_the_clients_timestamp_or_else_ours() {
        let server_time = Timestamp::from_secs(0);
        let theirs = sent(&Event::Pong { timestamp: Some(json!("x")), server_time });
        assert_eq!(
            theirs,
            r#"{"type":"pong","timestamp":"x","server_time":"1970-01-01T00:00:00.000000+00:00"}"#
        );
        assert!(sent(&Event::Pong { timestamp: None, server_time }).contains(r#""timestamp":"1970-"#));
    }

    #[test]
    fn a_closing_error_names_its_code() {
        assert_eq!(
            sent(&Event::Closing { reason: Close::SessionEnded }),
            r#"{"type":"ERROR","code":"SESSION_ENDED","close":4009,"message":"Your session has ended; sign in again."}"#
        );
    }
}
