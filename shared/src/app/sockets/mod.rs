//! Sockets: connecting, greeting, receiving, leaving.

mod access;
pub(in crate::app) mod check_absence;
pub(in crate::app) mod connect;
pub(in crate::app) mod counted_sender;
mod inbox;
pub(in crate::app) mod keep_alive;
mod live_figures;
pub(in crate::app) mod receive;
pub(in crate::app) mod refusal_tally;
mod refused;
pub(in crate::app) mod resume_fan_out;
pub(in crate::app) mod welcome;

pub use self::access::may_connect;
pub use self::connect::{Entry, connect, disconnect};
pub use self::live_figures::{Live, live_figures};
pub use self::receive::receive;
pub use self::welcome::welcome;
