//! Accounts.

pub(crate) mod admin;
pub(crate) mod limits;
pub(crate) mod links;
pub(crate) mod pictures;
pub(crate) mod profiles;
pub(crate) mod sign_out;
pub(crate) mod signing_in;
pub(crate) mod vouched;
