//! API Gateway, Lambda and their surroundings in one process, for applications of functions: anybody's, or handlers in
//! the same process.
//!
//! [`listener`] accepts connections; [`gateway`] is API Gateway's WebSocket side; [`lambda`] reads a SAM template, runs
//! its functions, and is what calls them: the HTTP API, SQS, events of S3, schedules.
//!
//! Of `parlor` it takes the ports for clock, random numbers and mail, with the adapters that keep them on this machine,
//! and the gateway's event (`inbound::gateway_event`), which its handlers take as a value. Sockets are written to through
//! `parlor::embedded`'s [`SocketRegistry`](parlor::embedded::SocketRegistry) and [`Outbox`](parlor::embedded::Outbox),
//! because its channel layer writes to the same ones; the codec of frames lies there, too. The emulator knows nothing of
//! accounts, rooms, media or pages.

pub mod arn;
pub mod gateway;
pub mod lambda;
pub mod listener;
mod local_programs;
mod runtime;

pub use self::runtime::runtime;
