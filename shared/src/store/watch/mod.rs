//! What is watched in rooms, where it stands, what is watched next, and how far people are.

mod gate;
mod playback;
mod progress;
mod queue;

pub use self::gate::Gates;
pub use self::playback::{Playbacks, SentCommand, StoredPlayback};
pub use self::progress::{ProgressNote, ProgressNotes, Watchable};
pub use self::queue::{Queue, Queues};
