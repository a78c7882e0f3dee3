//! A text that is ready to be sent to sockets.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// The largest text that is ever sent to a client, in bytes: API Gateway's frame size, which is also its billing unit.
pub const MAX_FRAME_BYTES: usize = 32 * 1024;

/// One text message to clients, at most [`MAX_FRAME_BYTES`] long; clones share the text.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Frame(Arc<str>);

/// A text is longer than [`MAX_FRAME_BYTES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{bytes} bytes are more than the {MAX_FRAME_BYTES} that fit a frame")]
pub struct FrameTooLarge {
    /// The length of the text in bytes.
    pub bytes: usize,
}

impl Frame {
    /// The text, or an error if it is too long.
    pub fn new(text: impl Into<Arc<str>>) -> Result<Self, FrameTooLarge> {
        let text = text.into();
        if text.len() > MAX_FRAME_BYTES { Err(FrameTooLarge { bytes: text.len() }) } else { Ok(Self(text)) }
    }

    /// Whether both are clones of one frame.
    pub fn shares_text_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The text to send.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Frame {
    type Error = FrameTooLarge;

    fn try_from(text: String) -> Result<Self, FrameTooLarge> {
        Self::new(text)
    }
}

impl From<Frame> for String {
    fn from(frame: Frame) -> String {
        frame.as_str().to_owned()
    }
}

/// Says only how long the text is: what people write does not belong in logs.
impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Frame({} bytes)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_holds_32_kilobytes_and_not_one_more() {
        assert!(Frame::new("x".repeat(MAX_FRAME_BYTES)).is_ok());
        assert_eq!(Frame::new("x".repeat(MAX_FRAME_BYTES + 1)), Err(FrameTooLarge { bytes: 32_769 }));
    }
}
