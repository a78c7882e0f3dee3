//! The HTTP routers.

mod client_address;
mod house;
mod media_get;
mod media_post;
mod uploads;
