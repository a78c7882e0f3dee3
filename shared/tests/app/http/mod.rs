//! The HTTP routers.

mod accounts;
mod client_address;
mod cross_origin;
mod every_call;
mod house;
mod media;
#[cfg(feature = "openapi")]
mod openapi;
mod other_functions;
mod rooms;
mod spellings;
