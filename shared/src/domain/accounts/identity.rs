//! Who has signed in.

use serde::{Deserialize, Serialize};

use crate::ids::{SessionId, UserId};

/// Who is behind a request or a socket: never their token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The person.
    pub user: UserId,
    /// The sign-in.
    pub session: SessionId,
}
