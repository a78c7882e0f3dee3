//! What is watched in rooms, where it stands, and what is watched next.

mod playback;
mod queue;

pub use self::playback::{Playbacks, SentCommand, StoredPlayback};
pub use self::queue::{Queue, Queues};
