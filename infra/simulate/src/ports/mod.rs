//! The ports of the simulated application: in memory, in virtual time, and unreliable within what their contracts allow.

mod gateway;
mod log_watch;
mod media;
mod queue;
mod table_port;
mod worker;

pub(crate) use self::gateway::Gateway;
pub(crate) use self::log_watch::{CHOSEN, LogWatch};
pub(crate) use self::queue::{Queue, Receipts, event};
pub(crate) use self::worker::{Services, Worker};
