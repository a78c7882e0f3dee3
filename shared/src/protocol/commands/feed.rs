//! What clients say on a socket.

use serde_json::{Map, Value};

/// One message from a client, as far as this server understands it.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// The application's heartbeat; `timestamp` is sent back as it came.
    Ping {
        /// Whatever the client sent under that name.
        timestamp: Option<Value>,
    },
    /// A JSON object with a type that is not known.
    Unknown {
        /// The type, as the client wrote it.
        name: String,
    },
    /// Not a JSON object, or one without a type.
    Other,
}

impl Command {
    /// Reads a message: `type` in any case; without one, `action` is read as `type`.
    pub fn parse(text: &str) -> Self {
        let Ok(mut fields) = serde_json::from_str::<Map<String, Value>>(text) else {
            return Self::Other;
        };
        let name = fields.get("type").or_else(|| fields.get("action")).and_then(Value::as_str);
        match name {
            Some(name) if name.eq_ignore_ascii_case("ping") => {
                Self::Ping { timestamp: fields.remove("timestamp").filter(|value| !value.is_null()) }
            }
            Some(name) => Self::Unknown { name: name.to_owned() },
            None => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_ping_is_known_in_any_case_and_by_either_name() {
        let ping = |timestamp| Command::Ping { timestamp };
        assert_eq!(Command::parse(r#"{"type":"ping"}"#), ping(None));
        assert_eq!(Command::parse(r#"{"type":"PING","timestamp":7}"#), ping(Some(json!(7))));
        assert_eq!(Command::parse(r#"{"action":"Ping","timestamp":null}"#), ping(None));
    }

    #[test]
    fn anything_else_is_told_apart_and_never_panics() {
        assert_eq!(Command::parse(r#"{"type":"dance"}"#), Command::Unknown { name: "dance".into() });
        for other in ["", "hello", "[1]", "{}", r#"{"type":7}"#, "{", "null"] {
            assert_eq!(Command::parse(other), Command::Other, "{other:?}");
        }
    }
}
