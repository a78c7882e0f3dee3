//! One thing after another in a room.

use std::any::Any;
use std::fmt;

/// A turn in a room. It is over when this is dropped.
#[must_use = "a turn that is dropped at once is over at once"]
pub struct Turn(#[expect(dead_code, reason = "held until it is dropped")] Option<Box<dyn Any + Send>>);

impl Turn {
    /// A turn for which nobody waits.
    pub fn free() -> Self {
        Self(None)
    }

    /// A turn that lasts as long as that guard is not dropped.
    pub fn held_by(guard: impl Any + Send) -> Self {
        Self(Some(Box::new(guard)))
    }
}

impl fmt::Debug for Turn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Turn")
    }
}
