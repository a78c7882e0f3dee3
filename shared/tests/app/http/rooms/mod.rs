//! Rooms.

mod attachments;
mod blocking;
mod conversations;
pub(crate) mod entering;
pub(crate) mod everybody;
pub(crate) mod people;
