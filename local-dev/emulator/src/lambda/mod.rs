//! Real Lambda functions behind the gateway, instead of the handlers in this process.
//!
//! A SAM template says what is wired to what ([`Wiring`]); an [`Invoker`] runs functions by name; around it stand the
//! services that would call them on AWS.

mod http_api;
mod invoker;
mod mail_service;
mod remote_functions;
mod runtime_host;
mod socket_functions;
pub mod sources;
mod template;
mod wiring;

pub use self::http_api::HttpApi;
pub use self::invoker::{Failure, InvokeError, Invoker};
pub use self::mail_service::MailService;
pub use self::remote_functions::RemoteFunctions;
pub use self::runtime_host::{RuntimeConfig, RuntimeHost, RuntimeLimits, executable};
pub use self::socket_functions::SocketFunctions;
pub use self::template::{Addresses, FunctionNames, Reading, Template, TemplateError};
pub use self::wiring::{
    Cors, Function, HttpRoute, ObjectSource, Queue, QueueSource, Redrive, Schedule, SocketApi, SocketRoute,
    WebApi, Wiring,
};
