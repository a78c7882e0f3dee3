//! Taking away a copy: of a room by its host, of one's own data by anyone. Lines of JSON, in pages.

mod own;
mod room;

pub use self::own::{OwnExportCursor, export_own};
pub use self::room::{RoomExportCursor, export_room};

use crate::domain::chat::Message;
use crate::ids::EventId;
use crate::ports::Entry;
use crate::protocol::{Dialect, Event};
use serde_json::Value;

/// How many bytes a page has from which on it is full: with what one more read finds it stays below 4 MB.
const FULL: usize = 2_000_000;
/// How many times a page reads at most: what lies beyond is for the next page.
const READS: usize = 20;
/// How many events are read at a time.
const STEP: usize = 50;

/// A page of a copy.
#[derive(Clone, Default)]
pub struct ExportPage<C> {
    /// Its lines, each with a line feed at its end.
    pub text: String,
    /// Where the next page begins.
    pub next: Option<C>,
}

/// Shows nothing of what people wrote.
impl<C> std::fmt::Debug for ExportPage<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ExportPage({} bytes)", self.text.len())
    }
}

/// Lines on their way into a page.
#[derive(Default)]
struct Lines(String);

impl Lines {
    fn is_full(&self) -> bool {
        self.0.len() >= FULL
    }

    fn push(&mut self, line: &Value) {
        self.0.push_str(&line.to_string());
        self.0.push('\n');
    }

    /// An event as sockets get it, with its kind before all else.
    fn push_event(&mut self, event: &Event) {
        let Some(text) = event.text(Dialect::Full) else { return };
        self.0.push_str(r#"{"kind":"event","#);
        self.0.push_str(text.strip_prefix('{').unwrap_or(&text));
        self.0.push('\n');
    }
}

/// What an event says that is shown in a copy: nothing of what is deleted.
fn is_kept(entry: &Entry) -> bool {
    entry.event.message().is_none_or(|message: &Message| !message.is_deleted)
}

/// The id at the end of a cursor.
fn event_id(text: &str) -> Option<EventId> {
    text.parse().ok()
}
