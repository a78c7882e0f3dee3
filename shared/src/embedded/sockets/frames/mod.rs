//! The codec of WebSocket frames (RFC 6455): those from the server as they are written, those from clients as they come.

mod frame_decoder;
mod wire_frame;

pub use self::frame_decoder::{FrameDecoder, Incoming, Violation};
pub use self::wire_frame::WireFrame;
