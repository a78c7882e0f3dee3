//! A drop folder under watch, and what the test is told of it.

use std::fs::{self};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use local_dev::drop_folder::{DropFolder, DropSink, FolderDrops};
use notify::{RecursiveMode, Watcher};
use parlor::domain::drop::{DropTarget, Rejection, compose};
use parlor::ports::{Cause, DropBox, DropRef};
use parlor::protocol::{Dialect, MAX_FRAME_BYTES};
use tempfile::TempDir;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinHandle;
use tokio::time::timeout;

pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    Sent(String, String),
    Rejected(String, Rejection),
}

pub(crate) fn sent(path: &str, text: &str) -> Seen {
    Seen::Sent(path.to_owned(), text.to_owned())
}

/// What happens to a text after it was read and before it is removed.
type Meanwhile = Box<dyn FnOnce(&DropRef) + Send>;

/// Deals with texts as the application does, and tells the test.
pub(crate) struct Recorder {
    drops: Arc<FolderDrops>,
    seen: UnboundedSender<Seen>,
    pub(crate) versions: Mutex<Vec<String>>,
    /// How often to fail for the feed before the first success.
    pub(crate) failures: AtomicUsize,
    /// One permit per text that may be dealt with.
    pub(crate) gate: Semaphore,
    pub(crate) meanwhile: Mutex<Option<Meanwhile>>,
}

#[async_trait]
impl DropSink for Recorder {
    async fn send(&self, drop: &DropRef) -> Result<(), Cause> {
        self.gate.acquire().await?.forget();
        let target = DropTarget::of_path(&drop.path)?;
        let left = self.failures.load(Ordering::SeqCst);
        if target == DropTarget::Feed && left > 0 {
            self.failures.store(left - 1, Ordering::SeqCst);
            return Err("nobody answers".into());
        }
        let Some(bytes) = self.drops.read(drop, MAX_FRAME_BYTES + 1).await? else {
            return Ok(());
        };
        self.versions.lock().unwrap().push(drop.version.clone());
        if let Some(meanwhile) = self.meanwhile.lock().unwrap().take() {
            meanwhile(drop);
        }
        match compose(&target, None, &bytes) {
            Ok(frames) => {
                self.drops.remove(drop).await?;
                let frame = frames.as_ref().and_then(|frames| frames.get(Dialect::Watch));
                if let Some(frame) = frame {
                    self.seen.send(sent(&drop.path, frame.as_str()))?;
                }
            }
            Err(reason) => {
                self.drops.reject(drop).await?;
                self.seen.send(Seen::Rejected(drop.path.clone(), reason))?;
            }
        }
        Ok(())
    }
}

/// More permits than any test uses.
pub(crate) const OPEN: usize = 1_000_000;

/// A folder that outlives those who watch it.
pub(crate) struct Fixture {
    pub(crate) home: TempDir,
    pub(crate) folder: PathBuf,
}

/// A folder's watch that can be stopped.
pub(crate) struct Running {
    pub(crate) recorder: Arc<Recorder>,
    seen: UnboundedReceiver<Seen>,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Fixture {
    pub(crate) fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("websocket_messages");
        fs::create_dir(&folder).unwrap();
        Self { home, folder }
    }

    pub(crate) fn start(&self) -> Running {
        self.start_with(OPEN, 0)
    }

    pub(crate) fn start_with(&self, permits: usize, failures: usize) -> Running {
        let drops = Arc::new(FolderDrops::open(&self.folder).unwrap());
        let (seen, receiver) = unbounded_channel();
        let recorder = Arc::new(Recorder {
            drops: Arc::clone(&drops),
            seen,
            versions: Mutex::default(),
            failures: failures.into(),
            gate: Semaphore::new(permits),
            meanwhile: Mutex::default(),
        });
        let (stop, stopped) = oneshot::channel::<()>();
        let shutdown = async { drop(stopped.await) };
        let sink = Arc::clone(&recorder) as Arc<dyn DropSink>;
        let task = DropFolder::start(sink, drops, shutdown).unwrap();
        Running { recorder, seen: receiver, stop, task }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.path(name), text).unwrap();
    }

    /// What lies claimed or sent.
    pub(crate) fn private(&self) -> Vec<PathBuf> {
        let folders = [self.path(".claimed"), self.path(".claimed/sent")];
        let entries = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap());
        entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).collect()
    }
}

impl Running {
    pub(crate) async fn next(&mut self) -> Seen {
        let seen = timeout(PATIENCE, self.seen.recv()).await;
        seen.expect("nothing was sent").expect("nobody sends any more")
    }

    /// The next two, whichever came first.
    pub(crate) async fn next_two(&mut self) -> [Seen; 2] {
        let mut both = [self.next().await, self.next().await];
        both.sort_by_key(|seen| format!("{seen:?}"));
        both
    }

    /// Ends the watch, and answers what was sent but not asked for yet.
    pub(crate) async fn stop(mut self) -> Vec<Seen> {
        self.stop.send(()).unwrap();
        timeout(PATIENCE, self.task).await.expect("it does not stop").unwrap();
        drop(self.recorder);
        let mut left = Vec::new();
        while let Some(seen) = self.seen.recv().await {
            left.push(seen);
        }
        left
    }
}

/// Waits until something is so, looking again after every event below a folder.
pub(crate) async fn until(folder: &Path, mut holds: impl FnMut() -> bool) {
    let (events, mut happened) = unbounded_channel();
    let mut watcher = notify::recommended_watcher(move |_| {
        let _ = events.send(());
    })
    .unwrap();
    watcher.watch(folder, RecursiveMode::Recursive).unwrap();
    let held = async {
        while !holds() {
            happened.recv().await.unwrap();
        }
    };
    timeout(PATIENCE, held).await.expect("it never came to be so");
}
