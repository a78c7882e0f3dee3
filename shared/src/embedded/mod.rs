//! The ports in one process: a SQLite file, a folder, a timer, and sockets that this very process holds.

mod durability;
mod flusher;
mod folder_mailer;
mod folder_media_store;
mod frames;
mod local_channel_layer;
mod local_turns;
mod outbox;
pub mod owner_only;
mod socket_registry;
mod sqlite_room_log;
mod sqlite_table;
mod timer_jobs;
mod wire;

pub use durability::Durability;
pub use folder_mailer::FolderMailer;
pub use folder_media_store::{FolderMediaStore, SignatureError, SignedUploadError};
pub use frames::{FrameDecoder, Incoming, Violation, WireFrame};
pub use local_channel_layer::LocalChannelLayer;
pub use local_turns::LocalTurns;
pub use outbox::{Ending, Outbox, OutboxLimits, Pushed};
pub use socket_registry::SocketRegistry;
pub use sqlite_room_log::SqliteRoomLog;
pub use sqlite_table::{OpenTableError, SqliteTable};
pub use timer_jobs::{JobHandler, TimerJobs};
pub use wire::Wire;
