//! The HTTP routers.

mod accounts;
mod client_address;
mod house;
mod limits;
mod links;
mod media_get;
mod media_post;
mod pictures;
mod profiles;
mod sign_out;
mod uploads;
