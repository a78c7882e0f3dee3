//! Bodies of HTTP answers that several calls share.

mod accounts;
mod error;

pub use accounts::{TokensBody, UserBody};
pub use error::ErrorBody;
