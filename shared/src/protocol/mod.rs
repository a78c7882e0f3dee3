//! What crosses the wire. Knows nobody.

mod close;
mod command;
mod event;
mod frame;
mod http;
pub mod timestamp;

pub use close::Close;
pub use command::Command;
pub use event::Event;
pub use frame::{Frame, FrameTooLarge, MAX_FRAME_BYTES};
pub use http::{ErrorBody, ErrorCode, TokensBody, UserBody};
pub use timestamp::Timestamp;
