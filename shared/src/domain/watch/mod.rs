//! Watching together: arithmetic of positions and time.

mod state;

pub use self::state::{MAX_RATE, MIN_RATE, Playback, PlaybackCommand};
