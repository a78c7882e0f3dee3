//! The HTTP routers.

mod house;
mod media_get;
mod media_post;
mod uploads;
