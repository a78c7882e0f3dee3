//! The HTTP routers.

mod accounts;
mod all_calls;
#[cfg(feature = "openapi")]
mod asyncapi;
pub(crate) mod bench;
mod client_address;
mod cross_origin;
mod every_call;
mod forgery;
mod media;
#[cfg(feature = "openapi")]
mod openapi;
mod other_functions;
mod rooms;
#[cfg(feature = "openapi")]
mod schema;
mod spellings;
mod watch;
