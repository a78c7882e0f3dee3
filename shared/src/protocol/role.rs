//! What somebody may do beyond what everyone may.

use serde::{Deserialize, Serialize};

use crate::openapi_macros::ToSchema;

/// What somebody may do beyond what everyone may.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Nothing.
    #[default]
    Member,
    /// Run the place.
    Admin,
}

impl Role {
    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Admin => "admin",
        }
    }
}
