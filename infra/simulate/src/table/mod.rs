//! The `Table` port in memory: its contract and no more. Nothing here goes wrong; that is the business of
//! `ports`.

mod memory_table;
mod pages;
mod shelf;

pub use self::memory_table::MemoryTable;
pub(crate) use self::memory_table::{Committed, Watcher};
