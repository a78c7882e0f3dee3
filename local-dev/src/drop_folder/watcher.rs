//! Turns the file system's events into claims, and claims into texts that are ready to be sent.

use std::collections::HashMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};
use parlor::domain::drop::DropTarget;
use parlor::ports::DropRef;
use tokio::sync::mpsc::UnboundedSender;

use super::DropFolderError;
use super::claimed_name;
use super::drop_path::DropPath;
use super::file_stamp::FileStamp;
use super::folder_drops::FolderDrops;
use super::ignored_files::IgnoredFiles;
use super::unfinished_files::UnfinishedFiles;
use super::watch_event::{self, CLOSING_IS_TOLD, WatchEvent};

/// How long a text that was sent is kept, for the case that somebody had opened it in the very moment of its claim.
const LINGER: Duration = Duration::from_secs(5);
/// How long after its folders have disappeared they are made again; whoever removes them can finish first.
const REPAIR_PAUSE: Duration = Duration::from_millis(300);

/// Watches the drop folder.
pub(super) struct Watcher {
    drops: Arc<FolderDrops>,
    ready: UnboundedSender<DropRef>,
    events: RecommendedWatcher,
    /// What lies in the folder and may not be complete yet.
    arriving: UnfinishedFiles,
    /// What has been claimed while somebody may have been writing to it.
    claimed: UnfinishedFiles,
    /// What was sent.
    sent: UnfinishedFiles,
    ignored: IgnoredFiles,
    /// What claimed texts looked like when they became ready, by claimed name.
    stamps: HashMap<String, FileStamp>,
    repair_at: Option<Instant>,
}

impl Watcher {
    /// Begins to watch, and claims what a crash has left.
    pub(super) fn new(
        drops: Arc<FolderDrops>,
        events: Sender<WatchEvent>,
        ready: UnboundedSender<DropRef>,
    ) -> Result<Self, DropFolderError> {
        let handler = move |event| {
            for sign in watch_event::of_event(event, CLOSING_IS_TOLD) {
                // Fails only after the watcher has ended.
                let _ = events.send(sign);
            }
        };
        let config = notify::Config::default().with_follow_symlinks(false);
        let mut watcher = Self {
            drops,
            ready,
            events: RecommendedWatcher::new(handler, config)?,
            arriving: UnfinishedFiles::default(),
            claimed: UnfinishedFiles::default(),
            sent: UnfinishedFiles::default(),
            ignored: IgnoredFiles::default(),
            stamps: HashMap::new(),
            repair_at: None,
        };
        watcher.events.watch(watcher.drops.folder(), RecursiveMode::Recursive)?;
        for name in watcher.drops.recover()? {
            watcher.settle_claimed(&name);
        }
        watcher.scan();
        Ok(watcher)
    }

    /// Watches until it is told to stop.
    pub(super) fn run(mut self, events: &Receiver<WatchEvent>) {
        loop {
            self.settle();
            let first = match self.next_due() {
                None => events.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(due) => events.recv_timeout(due.saturating_duration_since(Instant::now())),
            };
            if matches!(first, Err(RecvTimeoutError::Disconnected)) {
                return;
            }
            // All that has gathered, so that one look at the open files serves them all.
            for sign in first.into_iter().chain(events.try_iter()) {
                match sign {
                    WatchEvent::Finished(path) => self.finished(&path),
                    WatchEvent::Changed(path) => self.changed(&path),
                    WatchEvent::Rescan => self.rescan(),
                    WatchEvent::Delivered(name) => self.delivered(name),
                    WatchEvent::Stop => return self.clear_all_sent(),
                }
            }
        }
    }

    fn next_due(&self) -> Option<Instant> {
        let unfinished = [&self.arriving, &self.claimed, &self.sent];
        unfinished.into_iter().filter_map(UnfinishedFiles::next_due).chain(self.repair_at).min()
    }

    fn finished(&mut self, path: &Path) {
        match DropPath::of(path, &self.drops) {
            Some(DropPath::Claimed(name)) => self.touched(&name),
            Some(DropPath::Open(_)) if path.is_dir() => self.changed(path),
            Some(DropPath::Open(_)) => {
                self.arriving.forget(path);
                self.claim(path);
            }
            None => {}
        }
    }

    fn changed(&mut self, path: &Path) {
        let now = Instant::now();
        let metadata = fs::symlink_metadata(path);
        match (DropPath::of(path, &self.drops), metadata) {
            (Some(DropPath::Claimed(name)), Ok(metadata)) if !metadata.is_dir() => self.touched(&name),
            (Some(DropPath::Open(folder)), Ok(metadata)) if metadata.is_dir() => {
                self.watch_new(path, &folder)
            }
            (Some(DropPath::Open(_)), Ok(metadata)) if self.may_be_sent(path) && metadata.is_file() => {
                self.arriving.add_changed(path.to_owned(), now);
            }
            (_, Err(error)) if error.kind() == ErrorKind::NotFound && self.is_needed(path) => {
                self.repair_at = Some(now + REPAIR_PAUSE);
            }
            _ => {}
        }
    }

    /// The watch of a new folder comes on only after it was made: what was put there before that told nobody.
    fn watch_new(&mut self, path: &Path, folder: &str) {
        if folder.starts_with('.') || folder.matches('/').count() > 1 {
            return;
        }
        if let Err(error) = self.events.watch(path, RecursiveMode::Recursive) {
            tracing::warn!(folder, %error, "a folder of dropped texts cannot be watched");
        }
        self.scan();
    }

    fn is_needed(&self, path: &Path) -> bool {
        [self.drops.folder(), self.drops.claimed_folder(), self.drops.sent_folder()].contains(&path)
    }

    fn rescan(&mut self) {
        self.scan();
        self.claimed.hurry_all(Instant::now());
    }

    fn scan(&mut self) {
        let now = Instant::now();
        for path in self.drops.files() {
            if self.may_be_sent(&path) {
                self.arriving.add(path, now, now);
            }
        }
    }

    fn claim(&mut self, path: &Path) {
        let Some(text) = self.drops.text_of(path).filter(|_| self.may_be_sent(path)) else {
            return;
        };
        match self.drops.claim(path, &text) {
            Ok(Some(name)) => self.settle_claimed(&name),
            Ok(None) => {}
            Err(error) => tracing::warn!(path = text, %error, "a dropped text cannot be claimed; it stays"),
        }
    }

    /// Whether a file's place and name are those of a text; if not, that is told.
    fn may_be_sent(&mut self, path: &Path) -> bool {
        let Some(text) = self.drops.text_of(path).filter(|_| !self.drops.is_put_aside(path)) else {
            return false;
        };
        match DropTarget::of_path(&text) {
            Ok(_) => !self.ignored.is_link(path, &text),
            Err(reason) => {
                self.ignored.tell(path, &text, reason);
                false
            }
        }
    }

    fn settle_claimed(&mut self, name: &str) {
        let now = Instant::now();
        self.claimed.add(self.drops.claimed_path(name), now, now);
    }

    /// Somebody had a text open that was claimed meanwhile.
    fn touched(&mut self, name: &str) {
        let now = Instant::now();
        self.claimed.hurry(&self.drops.claimed_path(name), now);
        let sent = self.drops.sent_path(name);
        let stamp = FileStamp::of(&sent);
        if stamp.is_some() && stamp != self.stamps.get(name).copied() {
            self.sent.hurry(&sent, now);
        }
    }

    fn delivered(&mut self, name: String) {
        let path = self.drops.sent_path(&name);
        let Some(stamp) = FileStamp::of(&path) else {
            self.stamps.remove(&name);
            return;
        };
        let now = Instant::now();
        let is_unchanged = self.stamps.get(&name) == Some(&stamp);
        let due = if is_unchanged { now + LINGER } else { now };
        self.sent.add(path, due, now);
    }

    fn settle(&mut self) {
        self.repair_if_due();
        let (now, drops) = (Instant::now(), Arc::clone(&self.drops));
        let mut arrived = self.arriving.finished(drops.claimed_folder(), now);
        arrived.sort_by_key(|(_, stamp)| stamp.modified());
        for (path, _) in arrived {
            self.claim(&path);
        }
        for (name, stamp) in named(self.claimed.finished(drops.claimed_folder(), Instant::now())) {
            self.hand_on(name, stamp);
        }
        for (name, stamp) in named(self.sent.finished(drops.claimed_folder(), now)) {
            self.clear_or_send_again(&name, stamp);
        }
    }

    fn hand_on(&mut self, name: String, stamp: FileStamp) {
        let denied = fs::File::open(self.drops.claimed_path(&name))
            .is_err_and(|error| error.kind() == ErrorKind::PermissionDenied);
        if denied {
            tracing::warn!(file = name, "a dropped text may not be read; it is put aside");
            if let Err(error) = self.drops.put_aside(&name) {
                tracing::warn!(file = name, %error, "a dropped text cannot be put aside");
            }
            return;
        }
        if let Some(drop) = claimed_name::to_drop(&name) {
            self.stamps.insert(name, stamp);
            // Fails only while the server stops: the file stays claimed until the next start.
            let _ = self.ready.send(drop);
        }
    }

    fn clear_or_send_again(&mut self, name: &str, stamp: FileStamp) {
        let is_unchanged = self.stamps.remove(name) == Some(stamp);
        let result =
            if is_unchanged { self.drops.clear(name).map(|()| None) } else { self.drops.claim_sent(name) };
        match result {
            Ok(Some(again)) => self.settle_claimed(&again),
            Ok(None) => {}
            Err(error) => tracing::warn!(file = name, %error, "a text that was sent cannot be cleared away"),
        }
    }

    fn clear_all_sent(&mut self) {
        let unwritten = self.sent.give_up(self.drops.claimed_folder());
        for (name, stamp) in named(unwritten) {
            self.clear_or_send_again(&name, stamp);
        }
    }

    fn repair_if_due(&mut self) {
        let now = Instant::now();
        if self.repair_at.is_none_or(|due| due > now) {
            return;
        }
        self.repair_at = None;
        // The watch may still be on the folder that was there before, wherever that is now.
        let _ = self.events.unwatch(self.drops.folder());
        let made = self.drops.make_folders().map_err(notify::Error::io);
        match made.and_then(|()| self.events.watch(self.drops.folder(), RecursiveMode::Recursive)) {
            Ok(()) => {
                tracing::warn!(folder = %self.drops.folder().display(), "the drop folder had gone; made it again");
                self.rescan();
            }
            Err(error) => {
                tracing::warn!(%error, "the drop folder has gone and cannot be made again; trying on");
                self.repair_at = Some(now + LINGER);
            }
        }
    }
}

/// The claimed names of files that were claimed: we made them, so they are texts.
fn named(files: Vec<(PathBuf, FileStamp)>) -> impl Iterator<Item = (String, FileStamp)> {
    files.into_iter().filter_map(|(path, stamp)| Some((path.file_name()?.to_str()?.to_owned(), stamp)))
}
