//! Accounts.

pub(crate) mod admin;
pub(crate) mod limits;
pub(crate) mod linking;
mod links;
pub(crate) mod pictures;
pub(crate) mod profiles;
mod sessions;
pub(crate) mod sign_out;
pub(crate) mod signing_in;
pub(crate) mod vouched;
