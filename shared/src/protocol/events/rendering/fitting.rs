//! How much fits a frame.

use std::io::{self, Write};

use serde::Serialize;

use crate::protocol::MAX_FRAME_BYTES;

/// What an event may need beside its list, in bytes: names of fields, a room, a name, numbers, moments.
const AROUND: usize = 512;

/// The bytes that are left for a list's elements.
pub(in crate::protocol::events) struct Budget(usize);

impl Default for Budget {
    fn default() -> Self {
        Self(MAX_FRAME_BYTES - AROUND)
    }
}

impl Budget {
    /// Whether so many bytes more fit, and a comma; if not, nothing fits any more.
    pub(in crate::protocol::events) fn takes(&mut self, bytes: usize) -> bool {
        match self.0.checked_sub(bytes + 1) {
            Some(left) => {
                self.0 = left;
                true
            }
            None => {
                self.0 = 0;
                false
            }
        }
    }
}

/// The length of a value as JSON.
pub(in crate::protocol::events) fn json_bytes(value: &impl Serialize) -> usize {
    struct Count(usize);
    impl Write for Count {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut count = Count(0);
    // What can't be written as JSON fits nowhere.
    serde_json::to_writer(&mut count, value).map_or(usize::MAX - 1, |()| count.0)
}
