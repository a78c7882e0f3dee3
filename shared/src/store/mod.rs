//! Typed items over the Table port; the only place where a key is spelled.

mod connections;
mod groups;

pub use self::connections::Connections;
pub use self::groups::{GroupRow, Groups, Removal};
