//! Parlor on a laptop: an HTTP server, a directory watcher and a scheduler in one process, behind the emulated gateway
//! (crate `emulator`), around the same handlers that run as Lambda functions on AWS.

pub mod drop_folder;

mod banner;
pub mod command;
mod embedded_app;
mod function_app;
mod functions;
mod gzip;
mod options;
mod scheduler;
mod server;
mod signed_media;
mod start_error;
mod startup_sweep;
mod static_pages;
pub mod telemetry;

pub use self::banner::banner;
pub use self::functions::InProcessFunctions;
pub use self::options::{
    AdminCommand, Behaviour, Command, CreateAdmin, DisconnectEvents, FunctionOptions, KeysCommand, LogFormat,
    Logging, Network, Options, Place, ProviderOptions, RefuseWith, Storage,
};
pub use self::server::Server;
pub use self::start_error::StartError;
