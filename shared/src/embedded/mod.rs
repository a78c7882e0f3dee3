//! The ports in one process: a SQLite file, a folder, a timer.

mod durability;
mod sqlite_table;

pub use durability::Durability;
pub use sqlite_table::{OpenTableError, SqliteTable};
