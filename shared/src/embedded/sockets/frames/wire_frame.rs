//! WebSocket frames from the server, encoded once and shared by all sockets that get them.

use bytes::{BufMut, Bytes, BytesMut};

use crate::protocol::Frame;

const FINAL: u8 = 0x80;
const TEXT: u8 = 0x1;
const CLOSE: u8 = 0x8;
const PONG: u8 = 0xA;
/// Lengths up to this one fit the frame's second byte.
const SHORT: usize = 125;
/// In the second byte: two, or eight, bytes of length follow.
const TWO_BYTES: u8 = 126;
const EIGHT_BYTES: u8 = 127;
/// The longest payload of a control frame, and what a close code takes of it.
const MAX_CONTROL: usize = 125;
const CLOSE_CODE: usize = 2;

/// One unmasked, unfragmented WebSocket frame, ready for the wire; clones share the bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WireFrame(Bytes);

impl WireFrame {
    /// A text message.
    pub fn text(text: &str) -> Self {
        Self::encode(TEXT, text.as_bytes())
    }

    /// The end of what the server says; too long a reason is cut off.
    pub fn close(code: u16, reason: &str) -> Self {
        let end = reason.floor_char_boundary(MAX_CONTROL - CLOSE_CODE);
        let mut payload = Vec::with_capacity(MAX_CONTROL);
        payload.put_u16(code);
        payload.put_slice(&reason.as_bytes()[..end]);
        Self::encode(CLOSE, &payload)
    }

    /// The end of what the server says, without a code: the answer to a close without one.
    pub fn close_without_code() -> Self {
        Self::encode(CLOSE, &[])
    }

    /// The answer to a ping with that payload.
    pub fn pong(payload: &[u8]) -> Self {
        Self::encode(PONG, &payload[..payload.len().min(MAX_CONTROL)])
    }

    /// The frame's bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    #[expect(clippy::cast_possible_truncation, reason = "each arm has just been checked to fit")]
    fn encode(opcode: u8, payload: &[u8]) -> Self {
        let mut bytes = BytesMut::with_capacity(10 + payload.len());
        bytes.put_u8(FINAL | opcode);
        match payload.len() {
            short @ ..=SHORT => bytes.put_u8(short as u8),
            medium if medium <= usize::from(u16::MAX) => {
                bytes.put_u8(TWO_BYTES);
                bytes.put_u16(medium as u16);
            }
            long => {
                bytes.put_u8(EIGHT_BYTES);
                bytes.put_u64(long as u64);
            }
        }
        bytes.put_slice(payload);
        Self(bytes.freeze())
    }
}

impl From<&Frame> for WireFrame {
    fn from(frame: &Frame) -> Self {
        Self::text(frame.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_takes_as_many_bytes_as_it_needs() {
        let head = |length: usize, n: usize| WireFrame::text(&"x".repeat(length)).as_bytes()[..n].to_vec();
        assert_eq!(head(125, 2), [0x81, 125]);
        assert_eq!(head(126, 4), [0x81, 126, 0, 126]);
        assert_eq!(head(65_535, 4), [0x81, 126, 255, 255]);
        assert_eq!(head(65_536, 10), [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]);
    }

    #[test]
    fn a_close_reason_is_cut_at_a_character() {
        let frame = WireFrame::close(4013, &"é".repeat(100));
        assert_eq!(frame.as_bytes()[..4], [0x88, 124, 0x0F, 0xAD]);
        assert_eq!(frame.as_bytes().len(), 2 + 124);
    }
}
