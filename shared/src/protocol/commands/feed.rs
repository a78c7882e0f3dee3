//! What the feed understands: `ping`, and nothing else.

use super::fields::{Field, Fields};
use super::request::{Refusal, type_name};
use super::{Echo, values};

/// Asks for a `pong`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ping {
    /// Whatever the client sent under that name; it is sent back as it came.
    pub timestamp: Option<Echo>,
}

impl Ping {
    pub(super) fn read(fields: &Fields<'_>) -> Result<Self, Refusal> {
        Ok(Self { timestamp: fields.optional(Field::Timestamp, values::echo)? })
    }

    /// The `ping` that a message to the feed is, if it is one: the feed takes no notice of anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let fields = Fields::parse(text)?;
        let is_ping = type_name(&fields).eq_ignore_ascii_case("ping");
        is_ping.then(|| Self::read(&fields).ok()).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn echoed(text: &str) -> Option<String> {
        Ping::parse(text)
            .map(|ping| ping.timestamp.map_or("-".to_owned(), |echo| echo.json().get().to_owned()))
    }

    #[test]
    fn a_ping_is_known_in_any_case_and_by_either_name() {
        assert_eq!(echoed(r#"{"type":"ping"}"#).as_deref(), Some("-"));
        assert_eq!(echoed(r#"{"type":"PING","timestamp":7}"#).as_deref(), Some("7"));
        assert_eq!(echoed(r#"{"action":"Ping","timestamp":null}"#).as_deref(), Some("-"));
        assert_eq!(echoed(r#"{"type":"ping","timestamp":{"a": [1e9]}}"#).as_deref(), Some(r#"{"a": [1e9]}"#));
    }

    #[test]
    fn anything_else_is_ignored_and_never_panics() {
        let huge = format!(r#"{{"type":"ping","timestamp":"{}"}}"#, "x".repeat(1023));
        for other in ["", "hello", "[1]", "{}", r#"{"type":7}"#, "{", "null", r#"{"type":"dance"}"#, &huge] {
            assert_eq!(Ping::parse(other), None, "{other:?}");
        }
    }
}
