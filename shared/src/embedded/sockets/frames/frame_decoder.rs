//! WebSocket frames from clients, as they trickle in.

use bytes::Bytes;

const FINAL: u8 = 0x80;
const RESERVED: u8 = 0x70;
const OPCODE: u8 = 0x0F;
const MASKED: u8 = 0x80;
const LENGTH: u8 = 0x7F;
const MASK_BYTES: usize = 4;
/// The longest payload of a control frame.
const MAX_CONTROL: usize = 125;

/// What a client sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Incoming {
    /// A message.
    Text(String),
    /// A ping, to be answered with its payload.
    Ping(Bytes),
    /// A pong, which nobody asked for.
    Pong,
    /// The client's close, with its code and reason if it gave any.
    Close(Option<(u16, String)>),
}

/// What a client did wrong: its socket is closed with that code and reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Violation {
    /// The close code.
    pub code: u16,
    /// The close reason.
    pub reason: &'static str,
}

/// Takes bytes as they come and gives whole messages; between messages it holds no memory.
#[derive(Debug)]
pub struct FrameDecoder {
    max_frame: usize,
    max_message: usize,
    /// The beginning of a frame whose end has not come yet.
    partial: Vec<u8>,
    /// The beginning of a fragmented message.
    message: Option<Vec<u8>>,
}

/// A frame's first bytes.
struct Header {
    last: bool,
    opcode: u8,
    length: usize,
    /// Its own size, mask included.
    size: usize,
}

const fn violation(code: u16, reason: &'static str) -> Violation {
    Violation { code, reason }
}

const RESERVED_BITS: Violation = violation(1002, "reserved bits are set");
const NOT_MASKED: Violation = violation(1002, "client frames must be masked");
const BAD_CONTROL: Violation = violation(1002, "control frames are short and whole");
const BAD_OPCODE: Violation = violation(1002, "unknown opcode");
const BAD_FRAGMENT: Violation = violation(1002, "fragments out of order");
const BAD_CLOSE: Violation = violation(1002, "invalid close frame");
const BINARY: Violation = violation(1003, "binary frames are not supported");
const NOT_UTF8: Violation = violation(1007, "text must be UTF-8");
const FRAME_TOO_BIG: Violation = violation(1009, "a frame may have 32 KB");
const MESSAGE_TOO_BIG: Violation = violation(1009, "a message may have 128 KB");

impl FrameDecoder {
    /// A decoder with limits on the payload of a frame and of a message, in bytes.
    pub fn new(max_frame: usize, max_message: usize) -> Self {
        Self { max_frame, max_message, partial: Vec::new(), message: None }
    }

    /// Takes more bytes, and appends what they complete. After a violation or a close nothing more is to be fed.
    pub fn feed(&mut self, bytes: &[u8], incoming: &mut Vec<Incoming>) -> Result<(), Violation> {
        if self.partial.is_empty() {
            let used = self.take_frames(bytes, incoming)?;
            self.partial.extend_from_slice(&bytes[used..]);
            return Ok(());
        }
        let mut gathered = std::mem::take(&mut self.partial);
        gathered.extend_from_slice(bytes);
        let used = self.take_frames(&gathered, incoming)?;
        if used < gathered.len() {
            gathered.drain(..used);
            self.partial = gathered;
        }
        Ok(())
    }

    /// Takes all whole frames; tells how many bytes they were.
    fn take_frames(&mut self, bytes: &[u8], incoming: &mut Vec<Incoming>) -> Result<usize, Violation> {
        let mut used = 0;
        while let Some(header) = Header::parse(&bytes[used..], self.max_frame)? {
            let Some(frame) = bytes.get(used..used + header.size + header.length) else {
                break;
            };
            used += frame.len();
            let received = self.take_frame(&header, unmasked(frame, header.size))?;
            let closed = matches!(received, Some(Incoming::Close(_)));
            incoming.extend(received);
            if closed {
                // Nothing counts after a close.
                return Ok(bytes.len());
            }
        }
        Ok(used)
    }

    fn take_frame(&mut self, header: &Header, payload: Vec<u8>) -> Result<Option<Incoming>, Violation> {
        match header.opcode {
            0x0 => self.take_fragment(header.last, &payload),
            0x1 if self.message.is_some() => Err(BAD_FRAGMENT),
            0x1 if header.last => text(payload).map(Some),
            0x1 => {
                self.message = Some(payload);
                Ok(None)
            }
            0x2 => Err(BINARY),
            0x8 => close(&payload).map(Some),
            0x9 => Ok(Some(Incoming::Ping(payload.into()))),
            0xA => Ok(Some(Incoming::Pong)),
            _ => Err(BAD_OPCODE),
        }
    }

    fn take_fragment(&mut self, last: bool, payload: &[u8]) -> Result<Option<Incoming>, Violation> {
        let mut message = self.message.take().ok_or(BAD_FRAGMENT)?;
        if message.len() + payload.len() > self.max_message {
            return Err(MESSAGE_TOO_BIG);
        }
        message.extend_from_slice(payload);
        if last {
            return text(message).map(Some);
        }
        self.message = Some(message);
        Ok(None)
    }
}

impl Header {
    /// The header at the beginning of these bytes, if all of it has come. What can be refused without its payload is.
    fn parse(bytes: &[u8], max_frame: usize) -> Result<Option<Self>, Violation> {
        let [first, second, rest @ ..] = bytes else {
            return Ok(None);
        };
        let control = first & 0x8 != 0;
        let length = second & LENGTH;
        check(first, second, control)?;
        let (length, extended) = match length {
            126 => (rest.first_chunk().map(|bytes| u64::from(u16::from_be_bytes(*bytes))), 2),
            127 => (rest.first_chunk().map(|bytes| u64::from_be_bytes(*bytes)), 8),
            short => (Some(u64::from(short)), 0),
        };
        let Some(length) = length else { return Ok(None) };
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        if length > max_frame {
            return Err(FRAME_TOO_BIG);
        }
        Ok(Some(Self {
            last: first & FINAL != 0,
            opcode: first & OPCODE,
            length,
            size: 2 + extended + MASK_BYTES,
        }))
    }
}

fn check(first: &u8, second: &u8, control: bool) -> Result<(), Violation> {
    if first & RESERVED != 0 {
        return Err(RESERVED_BITS);
    }
    if second & MASKED == 0 {
        return Err(NOT_MASKED);
    }
    if control && (first & FINAL == 0 || usize::from(second & LENGTH) > MAX_CONTROL) {
        return Err(BAD_CONTROL);
    }
    match first & OPCODE {
        0x0..=0x2 | 0x8..=0xA => Ok(()),
        _ => Err(BAD_OPCODE),
    }
}

/// The payload of a frame, whose mask is the end of its header.
fn unmasked(frame: &[u8], header_size: usize) -> Vec<u8> {
    let (header, payload) = frame.split_at(header_size);
    let mask: [u8; MASK_BYTES] = std::array::from_fn(|place| header[header_size - MASK_BYTES + place]);
    let mut payload = payload.to_vec();
    // In pieces of a known size, of which the compiler does many at once.
    let (pieces, rest) = payload.as_chunks_mut::<MASK_BYTES>();
    for piece in pieces {
        piece.iter_mut().zip(mask).for_each(|(byte, mask)| *byte ^= mask);
    }
    rest.iter_mut().zip(mask).for_each(|(byte, mask)| *byte ^= mask);
    payload
}

fn text(payload: Vec<u8>) -> Result<Incoming, Violation> {
    String::from_utf8(payload).map(Incoming::Text).map_err(|_| NOT_UTF8)
}

fn close(payload: &[u8]) -> Result<Incoming, Violation> {
    let (code, reason) = match payload {
        [] => return Ok(Incoming::Close(None)),
        [high, low, reason @ ..] => (u16::from_be_bytes([*high, *low]), reason),
        _ => return Err(BAD_CLOSE),
    };
    if !matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999) {
        return Err(BAD_CLOSE);
    }
    let reason = std::str::from_utf8(reason).map_err(|_| NOT_UTF8)?;
    Ok(Incoming::Close(Some((code, reason.to_owned()))))
}
