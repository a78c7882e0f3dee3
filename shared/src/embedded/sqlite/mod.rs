//! The table and the log of rooms: SQLite.

pub(in crate::embedded) mod sqlite_room_log;
pub(in crate::embedded) mod sqlite_table;
