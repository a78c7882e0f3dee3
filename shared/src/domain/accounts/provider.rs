//! Who vouches for people besides us.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::openapi_macros::ToSchema;

/// Who vouches for people besides us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    /// Google.
    Google,
    /// Facebook.
    Facebook,
}

impl Provider {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Google, Self::Facebook];

    /// The name in paths and keys.
    pub fn name(self) -> &'static str {
        match self {
            Self::Google => "google",
            Self::Facebook => "facebook",
        }
    }
}

impl FromStr for Provider {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|provider| provider.name() == text).ok_or(())
    }
}

/// The name as people know it.
impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Google => "Google",
            Self::Facebook => "Facebook",
        })
    }
}
