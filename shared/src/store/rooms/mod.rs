//! Rooms: their logs.

pub(crate) mod log;

pub use self::log::TableRoomLog;
