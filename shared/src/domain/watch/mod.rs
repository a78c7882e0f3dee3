//! Watching together: arithmetic of positions and time, and what is watched.

mod ended;
mod figures;
mod item;
mod lead;
mod progress;
mod queue;
mod source;
mod state;
mod sync;

pub use self::ended::has_ended;
pub use self::figures::{Figures, Format, Playlist, Step};
pub use self::item::WatchItem;
pub use self::lead::{Lag, MAX_LEAD, MIN_LEAD, lead, worth_noting};
pub use self::progress::Progress;
pub use self::queue::{MAX_QUEUE, QueueOrder, QueueRefused};
pub use self::source::Source;
pub use self::state::{MAX_RATE, MIN_RATE, Playback, PlaybackCommand};
pub use self::sync::{Correction, PlayerPosition, correction};
