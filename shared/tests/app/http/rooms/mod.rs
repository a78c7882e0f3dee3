//! Rooms.

mod attachments;
pub(crate) mod entering;
pub(crate) mod everybody;
pub(crate) mod people;
