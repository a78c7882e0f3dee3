//! The drop folder: a `.txt` that appears in it is sent to the feed, a room or a person, and is gone.
//!
//! ```text
//! websocket_messages/            x.txt → feed · rooms/{code}/x.txt · users/{id}/x.txt
//! ├── .claimed/                  what is being sent: renamed to here, so that the next file of that name is another one
//! │   └── sent/                  what was sent a moment ago, until it is certain that nobody was still writing to it
//! └── rejected/                  what cannot be sent
//! ```
//!
//! * [`FolderDrops`] knows the folders: it claims, and is the `DropBox` port.
//! * `Watcher`, on a thread of its own, turns the file system's events into claims, each once its writer is done.
//! * `Deliveries` sends what was claimed, in order of arrival for each target, again and again until it is sent.

mod claimed_name;
mod deliveries;
mod drop_path;
mod drop_sink;
mod file_stamp;
mod folder_drops;
mod ignored_files;
mod unfinished_files;
mod watch_event;
mod watcher;
mod writers;

use std::sync::Arc;
use std::sync::mpsc;
use std::thread;

use tokio::task::JoinHandle;

use self::deliveries::Deliveries;
pub use self::drop_sink::DropSink;
pub use self::folder_drops::FolderDrops;
use self::watch_event::WatchEvent;
use self::watcher::Watcher;

/// Why the drop folder cannot be watched.
#[derive(Debug, thiserror::Error)]
pub enum DropFolderError {
    /// The operating system refuses to watch it.
    #[error("the drop folder cannot be watched")]
    Watch(#[from] notify::Error),
    /// A folder or the thread could not be made, or what lies there could not be read.
    #[error("the drop folder cannot be used")]
    Io(#[from] std::io::Error),
}

/// The folder being watched.
#[derive(Debug)]
pub struct DropFolder;

impl DropFolder {
    /// Watches the folder and sends what lies there and what appears there, until `shutdown` is over; the task then
    /// ends when what was being sent has been sent. What is left is sent after the next start.
    ///
    /// When this returns the folder is watched. Call it within a runtime, and only once the server can send.
    pub fn start(
        sink: Arc<dyn DropSink>,
        drops: Arc<FolderDrops>,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> Result<JoinHandle<()>, DropFolderError> {
        let (events, seen) = mpsc::channel();
        let (ready, claimed) = tokio::sync::mpsc::unbounded_channel();
        let watcher = Watcher::new(drops, events.clone(), ready)?;
        let thread =
            thread::Builder::new().name("drop-folder".to_owned()).spawn(move || watcher.run(&seen))?;
        let deliveries = Deliveries::new(sink, events.clone());
        Ok(tokio::spawn(async move {
            let stop = StopOnDrop(events);
            deliveries.run(claimed, shutdown).await;
            drop(stop);
            let ended = tokio::task::spawn_blocking(move || thread.join()).await;
            if !matches!(ended, Ok(Ok(()))) {
                tracing::error!("the drop folder's watcher broke down");
            }
        }))
    }
}

/// Ends the watcher however the task ends: nothing is claimed that nobody would send.
struct StopOnDrop(mpsc::Sender<WatchEvent>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        // Fails only if the watcher has ended already.
        let _ = self.0.send(WatchEvent::Stop);
    }
}
