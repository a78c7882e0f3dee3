//! Messages: as they are sent, as they lie in a queue, as they are received.

use std::sync::Arc;
use std::time::Duration;

use parlor::protocol::Timestamp;

use super::message_attribute::{self, MessageAttributes};
use super::sqs_error::{Refusal, SqsError};

/// The longest message, and the longest batch of them, in bytes.
pub(crate) const MAX_BYTES: usize = 1024 * 1024;
/// The longest delay.
const MAX_DELAY_SECONDS: i64 = 900;

/// What somebody sends.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewMessage {
    /// The text.
    pub body: String,
    /// What is said beside it.
    pub attributes: MessageAttributes,
    /// What is said to SQS itself: a trace header.
    pub system_attributes: MessageAttributes,
    /// How late it comes; as late as the queue says, if none.
    pub delay: Option<Duration>,
}

impl NewMessage {
    /// A text, and nothing else.
    pub fn text(body: impl Into<String>) -> Self {
        Self { body: body.into(), ..Self::default() }
    }

    /// What counts towards limits.
    pub(super) fn size(&self) -> usize {
        self.body.len() + message_attribute::size(&self.attributes)
    }

    /// Refuses what SQS would refuse of any queue.
    pub(super) fn check(&self) -> Result<(), SqsError> {
        if self.body.is_empty() {
            return Err(SqsError::new(
                Refusal::MissingParameter,
                "The request must contain the parameter MessageBody.",
            ));
        }
        if !self.body.chars().all(is_allowed) {
            let message = "A message's body holds the characters that XML knows, and no others.";
            return Err(SqsError::new(Refusal::InvalidMessageContents, message));
        }
        message_attribute::check(&self.attributes)?;
        message_attribute::check_system(&self.system_attributes)
    }
}

/// A delay in seconds, as requests state it.
pub(super) fn delay(seconds: Option<i64>) -> Result<Option<Duration>, SqsError> {
    let Some(seconds) = seconds else { return Ok(None) };
    match u64::try_from(seconds) {
        Ok(whole) if seconds <= MAX_DELAY_SECONDS => Ok(Some(Duration::from_secs(whole))),
        _ => Err(SqsError::invalid(format!(
            "Value {seconds} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= \
             {MAX_DELAY_SECONDS}."
        ))),
    }
}

/// A message in a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its name, for ever.
    pub id: String,
    /// What was sent.
    pub sent: NewMessage,
    /// When.
    pub sent_at: Timestamp,
    /// From which queue it came as a dead letter.
    pub dead_letter_of: Option<String>,
}

/// A message in somebody's hands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The message.
    pub message: Arc<Message>,
    /// What it is deleted by.
    pub receipt_handle: String,
    /// How often it has been received, this time included.
    pub receive_count: u32,
    /// When it was received first.
    pub first_received_at: Timestamp,
}

/// What a receiver asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Want {
    /// The most messages.
    pub messages: usize,
    /// The most bytes of all of them, where the first one always fits.
    pub bytes: usize,
    /// For how long the others don't see them; as long as the queue says, if none.
    pub visibility: Option<Duration>,
}

impl Want {
    /// So many messages, whatever their size.
    pub fn messages(messages: usize) -> Self {
        Self { messages, bytes: usize::MAX, visibility: None }
    }
}

/// What XML 1.0 knows.
fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_hold_the_characters_of_xml() {
        for good in ["x", "\t\r\n", "\u{d7ff}\u{e000}\u{fffd}😀"] {
            NewMessage::text(good).check().unwrap();
        }
        for bad in ["\0", "a\u{1f}", "\u{fffe}", "\u{ffff}"] {
            assert_eq!(NewMessage::text(bad).check().unwrap_err().kind, Refusal::InvalidMessageContents);
        }
        assert_eq!(NewMessage::text("").check().unwrap_err().kind, Refusal::MissingParameter);
    }

    #[test]
    fn a_delay_is_a_quarter_of_an_hour_at_most() {
        assert_eq!(delay(None).unwrap(), None);
        assert_eq!(delay(Some(900)).unwrap(), Some(Duration::from_secs(900)));
        for bad in [-1, 901] {
            assert_eq!(delay(Some(bad)).unwrap_err().kind, Refusal::InvalidParameterValue);
        }
    }
}
