//! What clients say on sockets: a type for each kind of endpoint, with what it understands.

mod chat;
#[cfg(any(test, feature = "openapi"))]
pub mod described;
mod feed;
mod fields;
mod request;
mod values;
mod watch;

pub use chat::{ChatCommand, React, SendMessage};
pub use feed::Ping;
pub use request::{Refusal, Regarding, Request};
pub use values::{AttachmentRef, Echo, MAX_ECHO_BYTES, MAX_MENTIONS, MAX_MUTE_SECONDS, MAX_TIME, PersonRef};
pub use watch::{MediaChoice, MediaSource, PlayerEvent, SyncCheck, WatchCommand};
