//! `ERROR`: why something was not done, or why a socket is closed.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use crate::ids::{ClientMsgId, EventId, RoomCode};
use crate::openapi_macros::ToSchema;
use crate::protocol::{Close, ErrorCode, Refusal, Regarding};

/// Why something was not done, or why a socket is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ErrorEvent {
    /// What it is called, for a program to branch on.
    pub code: ErrorCode,
    /// A sentence for a person.
    pub message: Cow<'static, str>,
    /// The type of the message that it answers, as it was sent.
    #[serde(rename = "for", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub regarding: Option<Box<str>>,
    /// The room.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub room: Option<RoomCode>,
    /// The message that was to be changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub message_id: Option<EventId>,
    /// The id that the client gave to the message that it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub client_msg_id: Option<ClientMsgId>,
    /// Which field is missing or wrong, and why.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = BTreeMap<String, String>, required = false)]
    pub fields: BTreeMap<&'static str, Cow<'static, str>>,
    /// In how many seconds to try again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub retry_after: Option<u64>,
    /// The code with which the socket is closed now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub close: Option<u16>,
}

impl ErrorEvent {
    /// An error that answers a client's message, with the sentence of its code.
    pub fn new(code: ErrorCode, regarding: &Regarding) -> Self {
        Self {
            regarding: regarding.name.clone(),
            room: regarding.room.clone(),
            message_id: regarding.message_id,
            client_msg_id: regarding.client_msg_id.clone(),
            ..Self::unasked(code)
        }
    }

    /// An error that answers nothing in particular.
    pub fn unasked(code: ErrorCode) -> Self {
        Self {
            code,
            message: code.sentence().into(),
            regarding: None,
            room: None,
            message_id: None,
            client_msg_id: None,
            fields: BTreeMap::new(),
            retry_after: None,
            close: None,
        }
    }

    /// The answer to what can't be understood.
    pub fn refused(refusal: Refusal, regarding: &Regarding) -> Self {
        let error = Self::new(refusal.code, regarding);
        match refusal.field {
            Some((field, why)) => error.with_field(field, why),
            None => error,
        }
    }

    /// The last message before the application closes a socket.
    pub fn closing(reason: Close) -> Self {
        let error = Self::unasked(reason.error());
        let retry_after = reason.retry_after();
        Self { message: reason.sentence().into(), close: Some(reason.code()), retry_after, ..error }
    }

    /// The same, with a sentence of its own.
    #[must_use]
    pub fn saying(self, sentence: impl Into<Cow<'static, str>>) -> Self {
        Self { message: sentence.into(), ..self }
    }

    /// The same, in that room.
    #[must_use]
    pub fn in_room(self, room: RoomCode) -> Self {
        Self { room: Some(room), ..self }
    }

    /// The same, with a field to blame.
    #[must_use]
    pub fn with_field(mut self, field: &'static str, why: impl Into<Cow<'static, str>>) -> Self {
        self.fields.insert(field, why.into());
        self
    }

    /// The same, good for another try after so long: in whole seconds, the last one begun counts.
    #[must_use]
    pub fn retry_after(self, wait: Duration) -> Self {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        let seconds = seconds.max(1);
        let error = Self { retry_after: Some(seconds), ..self };
        match error.code {
            ErrorCode::RateLimited => {
                let unit = if seconds == 1 { "second" } else { "seconds" };
                error.saying(format!("Rate limit exceeded: try again in {seconds} {unit}."))
            }
            _ => error,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::protocol::{ChatCommand, Dialect, Event};

    fn sent(error: ErrorEvent, dialect: Dialect) -> Value {
        serde_json::from_str(&Event::Error(error).text(dialect).unwrap()).unwrap()
    }

    #[test]
    fn a_closing_error_names_its_code() {
        let error = Event::closing(Close::SessionEnded).text(Dialect::Feed).unwrap();
        assert_eq!(
            error,
            r#"{"type":"ERROR","code":"SESSION_ENDED","message":"Your session has ended; sign in again.","close":4009}"#
        );
    }

    #[test]
    fn an_error_repeats_of_a_message_what_it_is_about() {
        let text = r#"{"type": "Edit_Message", "room": "kino", "message_id": "7", "client_msg_id": "c", "message": ""}"#;
        let request = ChatCommand::parse(text);
        let error = ErrorEvent::refused(request.command.unwrap_err(), &request.regarding);
        let expected = json!({
            "type": "ERROR", "code": "EMPTY", "message": "The message is empty.", "for": "Edit_Message",
            "room": "kino", "message_id": 7, "client_msg_id": "c",
        });
        assert_eq!(sent(error.clone(), Dialect::Watch), expected);
        assert_eq!(sent(error, Dialect::Inbox)["conversation_id"], "kino");
    }

    #[test]
    fn a_limit_says_when_it_is_over_in_whole_seconds() {
        let wait =
            |millis| ErrorEvent::unasked(ErrorCode::RateLimited).retry_after(Duration::from_millis(millis));
        assert_eq!(
            (wait(0).retry_after, wait(1000).retry_after, wait(1001).retry_after),
            (Some(1), Some(1), Some(2))
        );
        assert_eq!(wait(600).message, "Rate limit exceeded: try again in 1 second.");
        assert_eq!(wait(2600).message, "Rate limit exceeded: try again in 3 seconds.");
        let slow = ErrorEvent::unasked(ErrorCode::SlowMode).retry_after(Duration::from_secs(9));
        assert_eq!(sent(slow, Dialect::Plain)["retry_after"], 9);
    }
}
