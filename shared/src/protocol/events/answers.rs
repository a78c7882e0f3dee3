//! What one socket alone is told: `pong`, `HEARTBEAT`.

use serde::{Serialize, Serializer};

use crate::ids::EventId;
use crate::openapi_macros::ToSchema;
use crate::protocol::{Echo, Timestamp};

/// The answer to a `ping`.
#[derive(Debug, Clone, PartialEq)]
pub struct Pong {
    /// What the client sent, to be sent back; none for our own time.
    pub timestamp: Option<Echo>,
    /// When the `ping` came.
    pub received_at: Timestamp,
    /// When this was sent.
    pub server_time: Timestamp,
}

/// A pong on the wire.
#[derive(Serialize, ToSchema)]
#[schema(as = Pong)]
pub(super) struct PongBody<'a> {
    /// What the client sent under that name; else when this was sent.
    #[schema(value_type = serde_json::Value)]
    timestamp: PongTime<'a>,
    /// When the `ping` came.
    received_at: Timestamp,
    /// When this was sent.
    server_time: Timestamp,
}

#[derive(Serialize)]
#[serde(untagged)]
enum PongTime<'a> {
    Theirs(&'a serde_json::value::RawValue),
    Ours(Timestamp),
}

/// The connection is alive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Heartbeat {
    /// When this was sent.
    pub server_time: Timestamp,
    /// The newest id of the room that the socket is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub last_id: Option<EventId>,
}

impl Serialize for Pong {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let ours = PongTime::Ours(self.server_time);
        let body = PongBody {
            timestamp: self.timestamp.as_ref().map_or(ours, |echo| PongTime::Theirs(echo.json())),
            received_at: self.received_at,
            server_time: self.server_time,
        };
        body.serialize(serializer)
    }
}

/// The schema is that of the fields on the wire.
#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Pong {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        PongBody::schema()
    }
}

#[cfg(feature = "openapi")]
impl ToSchema for Pong {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Dialect, Event, Ping};

    fn sent(ping: &str) -> String {
        let Ping { timestamp } = Ping::parse(ping).unwrap();
        let moment = Timestamp::from_secs;
        let pong = Event::Pong(Pong { timestamp, received_at: moment(1), server_time: moment(2) });
        pong.text(Dialect::Feed).unwrap()
    }

    #[test]
    fn a_pong_carries_the_clients_timestamp_as_it_came_or_else_ours() {
        let moments = r#""received_at":"1970-01-01T00:00:01.000000+00:00","server_time":"1970-01-01T00:00:02.000000+00:00"}"#;
        for timestamp in [r#""2024-01-01T00:00:00Z""#, "7.10", r#"{"a": [1e9]}"#] {
            let pong = format!(r#"{{"type":"pong","timestamp":{timestamp},{moments}"#);
            assert_eq!(sent(&format!(r#"{{"type":"ping","timestamp":{timestamp}}}"#)), pong);
        }
        let ours = format!(r#"{{"type":"pong","timestamp":"1970-01-01T00:00:02.000000+00:00",{moments}"#);
        assert_eq!(sent(r#"{"type":"ping"}"#), ours);
    }
}
