//! The HTTP routers.

mod accounts;
mod admin;
mod client_address;
mod every_call;
mod house;
mod limits;
mod links;
mod media_get;
mod media_post;
#[cfg(feature = "openapi")]
mod openapi;
mod pictures;
mod profiles;
mod sign_out;
mod uploads;
mod vouched;
