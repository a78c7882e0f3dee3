//! Chat: how much may be said.

mod budget;

pub use self::budget::{Budget, Pace};
