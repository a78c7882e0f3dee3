//! Sockets: connecting, greeting, receiving.

pub(in crate::app) mod connect;
pub(in crate::app) mod receive;

pub use self::connect::{connect, disconnect, welcome};
pub use self::receive::receive;
