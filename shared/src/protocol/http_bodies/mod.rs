//! Bodies of HTTP answers that several calls share.

mod accounts;
mod conversations;
mod error;
mod rooms;
mod watch;

pub use accounts::{TokensBody, UserBody};
pub use conversations::{ConversationBody, ConversationPersonBody};
pub use error::ErrorBody;
pub use rooms::{
    ApprovedBody, InvitationBody, JoinedBody, MadeInvitationBody, MadeRoomBody, OwnRoomBody, ParticipantBody,
    PublicRoomBody, RoomBody, RoomDeedBody, StatusBody,
};
pub use watch::{FoundBody, ProgressBody, ResumeBody, SourceBody, WatchedBody};
