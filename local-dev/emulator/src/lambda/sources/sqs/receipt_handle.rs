//! What a received message is deleted by.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::sqs_error::{Refusal, SqsError};

/// One receiving of one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ReceiptHandle {
    /// The message's place in its queue.
    pub(super) place: u64,
    /// The message's name.
    pub(super) message: String,
    /// Which receiving of it.
    pub(super) receive: u32,
}

impl ReceiptHandle {
    /// As requests and answers write it.
    pub(super) fn encode(&self) -> String {
        STANDARD.encode(format!("{}:{}:{}", self.place, self.receive, self.message))
    }

    pub(super) fn parse(text: &str) -> Result<Self, SqsError> {
        Self::decode(text).ok_or_else(|| {
            SqsError::new(Refusal::ReceiptHandleIsInvalid, "The input receipt handle is not a valid one.")
        })
    }

    fn decode(text: &str) -> Option<Self> {
        let plain = String::from_utf8(STANDARD.decode(text).ok()?).ok()?;
        let mut parts = plain.splitn(3, ':');
        let (place, receive) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        Some(Self { place, receive, message: parts.next()?.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_is_read_as_it_was_written_and_nothing_else_is_one() {
        let handle = ReceiptHandle { place: 7, message: "a:b".to_owned(), receive: 2 };
        assert_eq!(ReceiptHandle::parse(&handle.encode()).unwrap(), handle);
        for bad in ["", "x", "MTo=", "OjI6eA=="] {
            assert_eq!(ReceiptHandle::parse(bad).unwrap_err().kind, Refusal::ReceiptHandleIsInvalid);
        }
    }
}
