//! Real Lambda functions behind the gateway, instead of the handlers in this process.
//!
//! A SAM template says what is wired to what ([`Wiring`]); an [`Invoker`] runs functions by name; around it stand the
//! services that would call them on AWS.

mod invoker;
pub mod sources;
mod wiring;

pub use self::invoker::{Failure, InvokeError, Invoker};
pub use self::wiring::{
    Function, HttpRoute, ObjectSource, Queue, QueueSource, Redrive, Schedule, SocketApi, SocketRoute, Wiring,
};
