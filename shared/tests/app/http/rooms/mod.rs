//! Rooms.

mod attachments;
mod blocking;
mod conversations;
pub(crate) mod entering;
pub(crate) mod everybody;
mod exporting;
pub(crate) mod people;
mod searching;
