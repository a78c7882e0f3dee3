//! What an account's owner is told by mail, since somebody else may have done it.

use serde::{Deserialize, Serialize};

/// Something that was done to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// Its password or phrase was changed.
    SecretsChanged,
    /// It can be signed in to by Google or Facebook from now on.
    IdentityLinked,
    /// It has another e-mail address, or none: the former one is told.
    AddressChanged,
}
