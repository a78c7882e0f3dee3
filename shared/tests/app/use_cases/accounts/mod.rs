//! Accounts.

pub(crate) mod admins;
pub(crate) mod browser_sign_in;
pub(crate) mod console;
pub(crate) mod key_rotation;
pub(crate) mod limits;
mod linking;
mod notices;
pub(crate) mod profiles;
pub(crate) mod refreshing;
pub(crate) mod reset_password;
mod revisions;
pub(crate) mod sessions;
pub(crate) mod signing_in;
pub(crate) mod tickets;
pub(crate) mod verify_email;
pub(crate) mod vouched;
