//! What is about the program local-dev itself: its options, its store, how it ends. No other target runs these.

mod behind_a_proxy;
mod bodies;
mod direct_uploads;
mod durability;
mod few_descriptors;
mod flood;
mod killed_in_talk;
mod mail;
mod private_store;
mod server;
mod storm;
mod webhooks;

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::target::drop_box::DropBox;
use crate::target::process::{Process, command, under};

/// local-dev as a program of its own, with a store of its own.
pub struct LocalDev {
    /// `http://localhost:PORT`, without a slash at the end.
    pub http: String,
    /// `ws://localhost:PORT`, the feed whatever the path.
    pub feed: String,
    process: Process,
    store: TempDir,
}

impl LocalDev {
    /// It with an empty store.
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// It with an empty store and these options.
    pub fn start_with(options: &[&str]) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), options)
    }

    /// It with a store that is there already.
    pub fn start_in(store: TempDir, options: &[&str]) -> Self {
        Self::started(Process::start(command(store.path(), options)), store)
    }

    /// It in a shell that has set something first.
    #[cfg(unix)]
    pub fn start_under(store: TempDir, setting: &str) -> Self {
        Self::started(Process::start(under(setting, &command(store.path(), &[]))), store)
    }

    fn started(process: Process, store: TempDir) -> Self {
        let (http, feed) = (process.address("Web page and HTTP API"), process.address("Broadcast feed"));
        Self { http, feed, process, store }
    }

    /// The URL of a socket on the HTTP port.
    pub fn ws(&self, path: &str) -> String {
        format!("{}{path}", self.http.replace("http://", "ws://"))
    }

    /// The folder of everything that lasts.
    pub fn store(&self) -> &Path {
        self.store.path()
    }

    /// The folder where dropped messages go.
    pub fn drops(&self) -> DropBox {
        DropBox::Folder(self.store().join("websocket_messages"))
    }

    /// The folder of what is sent by mail.
    pub fn mails(&self) -> PathBuf {
        self.store().join("mail")
    }

    /// How many uploads lie in the store.
    pub fn stored_files(&self) -> usize {
        let files = fs::read_dir(self.store().join("media")).unwrap();
        files.filter(|file| file.as_ref().unwrap().file_type().unwrap().is_file()).count()
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
