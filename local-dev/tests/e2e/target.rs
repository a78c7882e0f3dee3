//! What the scenarios run against.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::process::Process;

/// A Parlor that is up: where to reach it, and where to drop messages.
pub struct Target {
    /// `http://localhost:PORT`, without a slash at the end.
    pub http: String,
    /// `ws://localhost:PORT`, the feed whatever the path.
    pub feed: String,
    process: Process,
    store: TempDir,
}

impl Target {
    /// local-dev with an empty store.
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// local-dev with an empty store and these options.
    pub fn start_with(options: &[&str]) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), options)
    }

    /// local-dev with a store that is there already.
    pub fn start_in(store: TempDir, options: &[&str]) -> Self {
        let process = Process::start(store.path(), options);
        Self { http: process.http.clone(), feed: process.feed.clone(), process, store }
    }

    /// The folder of everything that lasts.
    pub fn store(&self) -> &Path {
        self.store.path()
    }

    /// The folder where dropped messages go.
    pub fn drop_folder(&self) -> PathBuf {
        self.store().join("websocket_messages")
    }

    /// Drops a message as a careless program does: open, write, close.
    pub fn drop_message(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.drop_folder().join(name), text).unwrap();
    }

    /// The most memory that it has held so far, in bytes.
    #[cfg(target_os = "linux")]
    pub fn peak_memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
    }

    /// Ends it without any chance to tidy up, and gives back what it left.
    pub fn kill(self) -> TempDir {
        self.process.kill();
        self.store
    }

    /// Asks it to end, waits until it has, and gives back what it left with what it logged.
    pub fn stop(self) -> (TempDir, String) {
        let log = self.process.stop();
        (self.store, log)
    }
}
