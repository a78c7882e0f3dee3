//! Where somebody stands in a room.

use serde::{Deserialize, Serialize};

use crate::openapi_macros::ToSchema;

/// What became of somebody's wish to be in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// They asked, and nobody has answered.
    Pending,
    /// They are members.
    Approved,
    /// They were members and have gone.
    Left,
    /// They asked and were turned away.
    Denied,
    /// They may not come in.
    Banned,
}

impl Status {
    /// Its name on the wire and in items.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Approved => "APPROVED",
            Self::Left => "LEFT",
            Self::Denied => "DENIED",
            Self::Banned => "BANNED",
        }
    }
}

/// What a member is in a room.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoomRole {
    /// One of many.
    #[default]
    Member,
    /// Helps the host.
    CoHost,
    /// There is one at most.
    Host,
}

impl RoomRole {
    /// Its name in items.
    pub fn name(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::CoHost => "co_host",
            Self::Host => "host",
        }
    }
}
