//! Open sockets, the groups that they are in, and who is present.

pub(in crate::store) mod connections;
pub(in crate::store) mod group_pages;
pub(in crate::store) mod groups;
pub(in crate::store) mod latches;

pub use connections::Connections;
pub use group_pages::GroupPages;
pub use groups::{GroupRow, Groups, Removal};
pub use latches::Latches;
