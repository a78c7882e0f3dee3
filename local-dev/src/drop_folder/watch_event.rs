//! What the watcher is told.

use std::path::PathBuf;

use notify::event::{AccessKind, AccessMode, EventKind, ModifyKind, RenameMode};

/// Something that the watcher must look at.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum WatchEvent {
    /// Somebody who had this file open for writing has closed it, or it was moved to here.
    Finished(PathBuf),
    /// Something has appeared, disappeared or changed here.
    Changed(PathBuf),
    /// Events were lost.
    Rescan,
    /// The claimed file of this name has been dealt with.
    Delivered(String),
    /// Stop watching.
    Stop,
}

/// Whether the file system says when a writer closes a file.
pub(super) const CLOSING_IS_TOLD: bool = cfg!(target_os = "linux");

/// What an event of the file system means.
pub(super) fn of_event(event: notify::Result<notify::Event>, closing_is_told: bool) -> Vec<WatchEvent> {
    let event = match event {
        Ok(event) if event.need_rescan() => return vec![WatchEvent::Rescan],
        Ok(event) => event,
        Err(error) => {
            tracing::warn!(%error, "the drop folder's events may be incomplete; looking at all of it");
            return vec![WatchEvent::Rescan];
        }
    };
    let sign = match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write))
        | EventKind::Modify(ModifyKind::Name(RenameMode::To))
            if closing_is_told =>
        {
            WatchEvent::Finished
        }
        EventKind::Create(_)
        | EventKind::Remove(_)
        | EventKind::Modify(ModifyKind::Name(RenameMode::From)) => WatchEvent::Changed,
        EventKind::Modify(_) | EventKind::Any | EventKind::Other if !closing_is_told => WatchEvent::Changed,
        _ => return Vec::new(),
    };
    event.paths.into_iter().map(sign).collect()
}

#[cfg(test)]
mod tests {
    use notify::Event;
    use notify::event::{CreateKind, DataChange, Flag, RemoveKind};

    use super::*;

    fn events(kind: EventKind, closing_is_told: bool) -> Vec<WatchEvent> {
        of_event(Ok(Event::new(kind).add_path("x.txt".into())), closing_is_told)
    }

    #[test]
    fn where_closing_is_told_writing_alone_says_nothing() {
        let close = EventKind::Access(AccessKind::Close(AccessMode::Write));
        assert_eq!(events(close, true), [WatchEvent::Finished("x.txt".into())]);
        let moved = EventKind::Modify(ModifyKind::Name(RenameMode::To));
        assert_eq!(events(moved, true), [WatchEvent::Finished("x.txt".into())]);
        let write = EventKind::Modify(ModifyKind::Data(DataChange::Any));
        assert_eq!(events(write, true), []);
        let both = EventKind::Modify(ModifyKind::Name(RenameMode::Both));
        assert_eq!(events(both, true), [], "it only repeats the two events before it");
    }

    #[test]
    fn elsewhere_every_change_is_looked_at() {
        for kind in [
            EventKind::Any,
            EventKind::Create(CreateKind::File),
            EventKind::Modify(ModifyKind::Any),
            EventKind::Modify(ModifyKind::Name(RenameMode::Any)),
            EventKind::Remove(RemoveKind::Any),
        ] {
            assert_eq!(events(kind, false), [WatchEvent::Changed("x.txt".into())], "{kind:?}");
        }
        assert_eq!(events(EventKind::Access(AccessKind::Any), false), []);
    }

    #[test]
    fn lost_events_and_errors_ask_for_another_look_at_everything() {
        let lost = Event::new(EventKind::Other).set_flag(Flag::Rescan);
        assert_eq!(of_event(Ok(lost), true), [WatchEvent::Rescan]);
        assert_eq!(of_event(Err(notify::Error::generic("full")), true), [WatchEvent::Rescan]);
    }
}
