//! Rooms.

mod kept_keys;
mod people;
mod roles;
