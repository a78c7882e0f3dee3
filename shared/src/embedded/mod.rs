//! The ports in one process: a SQLite file, a folder, a timer.

mod durability;
mod folder_media_store;
mod sqlite_table;
mod timer_jobs;

pub use durability::Durability;
pub use folder_media_store::{FolderMediaStore, SignatureError, SignedUploadError};
pub use sqlite_table::{OpenTableError, SqliteTable};
pub use timer_jobs::{JobHandler, TimerJobs};
