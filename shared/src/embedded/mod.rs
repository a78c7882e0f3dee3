//! The ports in one process: a SQLite file, a folder, a timer, and sockets that this very process holds.

mod durability;
mod folders;
mod local_turns;
pub mod owner_only;
mod sockets;
mod sqlite;
mod timer_jobs;

use self::folders::{folder_mailer, folder_media_store};
use self::sockets::{flusher, frames, local_channel_layer, local_live_counts, outbox, socket_registry, wire};
use self::sqlite::{sqlite_room_log, sqlite_table};

pub use durability::Durability;
pub use folder_mailer::FolderMailer;
pub use folder_media_store::{FolderMediaStore, SignatureError, SignedUploadError};
pub use frames::{FrameDecoder, Incoming, Violation, WireFrame};
pub use local_channel_layer::LocalChannelLayer;
pub use local_live_counts::LocalLiveCounts;
pub use local_turns::LocalTurns;
pub use outbox::{Ending, Held, Outbox, OutboxLimits, Pushed};
pub use socket_registry::SocketRegistry;
pub use sqlite_room_log::SqliteRoomLog;
pub use sqlite_table::{OpenTableError, SqliteTable};
pub use timer_jobs::{JobHandler, TimerJobs};
pub use wire::Wire;
