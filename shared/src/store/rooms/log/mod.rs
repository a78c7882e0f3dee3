//! A room's log: numbered entries, and what belongs to them.

mod append;
mod draft;
mod keys;
mod read;
mod row;
mod table_room_log;
mod trim;

pub use self::table_room_log::TableRoomLog;
