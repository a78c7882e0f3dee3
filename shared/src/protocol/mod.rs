//! What crosses the wire. Knows nobody.

mod close;
mod commands;
mod dialect;
mod error_code;
mod events;
mod frame;
mod frames;
mod http_bodies;
mod role;
#[cfg(any(test, feature = "openapi"))]
pub mod samples;
#[cfg(test)]
mod tests;
mod texts;
pub mod timestamp;

pub use close::Close;
pub use commands::*;
pub use dialect::{Dialect, UnknownDialect};
pub use error_code::ErrorCode;
pub use events::*;
pub use frame::{Frame, FrameTooLarge, MAX_FRAME_BYTES};
pub use frames::{Frames, UnknownDialects};
pub use http_bodies::{
    ApprovedBody, ConversationBody, ConversationPersonBody, ErrorBody, FoundBody, InvitationBody, JoinedBody,
    MadeInvitationBody, MadeRoomBody, OwnRoomBody, ParticipantBody, ProgressBody, PublicRoomBody, ResumeBody,
    RoomBody, RoomDeedBody, SourceBody, StatusBody, TokensBody, UserBody, WatchedBody,
};
pub use role::Role;
pub use texts::*;
pub use timestamp::Timestamp;
