//! Typed items over the Table port; the only place where a key is spelled.

mod connections;
mod groups;
mod latches;

pub use self::connections::Connections;
pub use self::groups::{GroupRow, Groups, Removal};
pub use self::latches::Latches;
