//! Sockets: connecting, greeting, receiving, leaving.

pub(in crate::app) mod check_absence;
pub(in crate::app) mod connect;
pub(in crate::app) mod receive;
pub(in crate::app) mod resume_fan_out;

pub use self::connect::{Entry, connect, disconnect, welcome};
pub use self::receive::receive;
