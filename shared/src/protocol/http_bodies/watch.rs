//! Bodies of answers about what is watched.

use serde::Serialize;

use crate::openapi_macros::ToSchema;

/// What is watched in a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SourceBody {
    /// The room's code.
    pub room_id: String,
    /// Who has it.
    pub video_provider: String,
    /// What the provider calls it.
    pub video_id: String,
}
