//! Where requests to other people's machines may go: never into the network that we run in.

mod address;
mod target;

pub use self::address::Reach;
pub use self::target::{Host, NotAllowed, Target};
