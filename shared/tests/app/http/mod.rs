//! The HTTP routers.

mod accounts;
#[cfg(feature = "openapi")]
mod asyncapi;
mod client_address;
mod cross_origin;
mod every_call;
mod forgery;
pub(crate) mod house;
mod media;
#[cfg(feature = "openapi")]
mod openapi;
mod other_functions;
mod rooms;
#[cfg(feature = "openapi")]
mod schema;
mod spellings;
mod watch;
