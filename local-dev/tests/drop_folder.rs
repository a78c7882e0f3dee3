//! The drop folder, with real files and the operating system's own events.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test's helpers may fail as the test may")]

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::thread;
use std::time::Duration;

use async_trait::async_trait;
use local_dev::drop_folder::{DropFolder, DropSink, FolderDrops};
use notify::{RecursiveMode, Watcher};
use parlor::domain::drop::{DropTarget, Rejection, compose};
use parlor::ports::{Cause, DropBox, DropRef};
use parlor::protocol::MAX_FRAME_BYTES;
use tempfile::TempDir;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinHandle;
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Debug, PartialEq, Eq)]
enum Seen {
    Sent(String, String),
    Rejected(String, Rejection),
}

fn sent(path: &str, text: &str) -> Seen {
    Seen::Sent(path.to_owned(), text.to_owned())
}

/// What happens to a text after it was read and before it is removed.
type Meanwhile = Box<dyn FnOnce(&DropRef) + Send>;

/// Deals with texts as the application does, and tells the test.
struct Recorder {
    drops: Arc<FolderDrops>,
    seen: UnboundedSender<Seen>,
    versions: Mutex<Vec<String>>,
    /// How often to fail for the feed before the first success.
    failures: AtomicUsize,
    /// One permit per text that may be dealt with.
    gate: Semaphore,
    meanwhile: Mutex<Option<Meanwhile>>,
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
        match compose(&target, &bytes) {
            Ok(frame) => {
                self.drops.remove(drop).await?;
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
const OPEN: usize = 1_000_000;

/// A folder that outlives those who watch it.
struct Fixture {
    home: TempDir,
    folder: PathBuf,
}

/// A folder's watch that can be stopped.
struct Running {
    recorder: Arc<Recorder>,
    seen: UnboundedReceiver<Seen>,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Fixture {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("websocket_messages");
        fs::create_dir(&folder).unwrap();
        Self { home, folder }
    }

    fn start(&self) -> Running {
        self.start_with(OPEN, 0)
    }

    fn start_with(&self, permits: usize, failures: usize) -> Running {
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

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.path(name), text).unwrap();
    }

    /// What lies claimed or sent.
    fn private(&self) -> Vec<PathBuf> {
        let folders = [self.path(".claimed"), self.path(".claimed/sent")];
        let entries = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap());
        entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).collect()
    }
}

impl Running {
    async fn next(&mut self) -> Seen {
        let seen = timeout(PATIENCE, self.seen.recv()).await;
        seen.expect("nothing was sent").expect("nobody sends any more")
    }

    /// The next two, whichever came first.
    async fn next_two(&mut self) -> [Seen; 2] {
        let mut both = [self.next().await, self.next().await];
        both.sort_by_key(|seen| format!("{seen:?}"));
        both
    }

    /// Ends the watch, and answers what was sent but not asked for yet.
    async fn stop(mut self) -> Vec<Seen> {
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
async fn until(folder: &Path, mut holds: impl FnMut() -> bool) {
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

#[tokio::test]
async fn a_dropped_text_is_sent_verbatim_and_is_gone() {
    let fixture = Fixture::new();
    let mut running = fixture.start();
    fixture.write("hello.txt", "Grüße,\nall of you\n");
    assert_eq!(running.next().await, sent("hello.txt", "Grüße,\nall of you\n"));
    assert!(!fixture.path("hello.txt").exists());
    assert_eq!(running.stop().await, []);
    assert!(fixture.private().is_empty());
}

/// Elsewhere no system tells of writers, and half a text that stays as it is for long enough counts as whole.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_text_that_is_still_being_written_is_sent_once_it_is_whole() {
    let fixture = Fixture::new();
    let mut running = fixture.start();
    let mut slow = File::create(fixture.path("slow.txt")).unwrap();
    slow.write_all(b"half").unwrap();
    fixture.write("quick.txt", "quick");
    assert_eq!(running.next().await, sent("quick.txt", "quick"));
    slow.write_all(b" and half").unwrap();
    drop(slow);
    assert_eq!(running.next().await, sent("slow.txt", "half and half"));
}

#[tokio::test]
async fn a_text_is_sent_when_it_is_renamed_into_place() {
    let fixture = Fixture::new();
    let mut running = fixture.start();
    fixture.write("a.tmp", "from within");
    fs::rename(fixture.path("a.tmp"), fixture.path("a.txt")).unwrap();
    assert_eq!(running.next().await, sent("a.txt", "from within"));
    let outside = fixture.home.path().join("b.txt");
    fs::write(&outside, "from without").unwrap();
    fs::rename(outside, fixture.path("b.txt")).unwrap();
    assert_eq!(running.next().await, sent("b.txt", "from without"));
}

#[tokio::test]
async fn a_linked_text_is_sent_though_nobody_ever_closes_it() {
    let fixture = Fixture::new();
    let mut running = fixture.start();
    let outside = fixture.home.path().join("outside.txt");
    fs::write(&outside, "linked").unwrap();
    fs::hard_link(&outside, fixture.path("linked.txt")).unwrap();
    assert_eq!(running.next().await, sent("linked.txt", "linked"));
    assert_eq!(fs::read(outside).unwrap(), b"linked");
}

#[tokio::test]
async fn texts_that_lie_there_at_the_start_are_sent() {
    let fixture = Fixture::new();
    fs::create_dir_all(fixture.path("rooms/kino")).unwrap();
    fixture.write("early.txt", "early");
    fixture.write("rooms/kino/early.txt", "{}");
    let mut running = fixture.start();
    let both = running.next_two().await;
    assert_eq!(both, [sent("early.txt", "early"), sent("rooms/kino/early.txt", "{}")]);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_text_that_is_being_written_at_the_start_is_sent_once_it_is_whole() {
    let fixture = Fixture::new();
    let mut slow = File::create(fixture.path("slow.txt")).unwrap();
    slow.write_all(b"half").unwrap();
    fixture.write("whole.txt", "whole");
    let mut running = fixture.start();
    assert_eq!(running.next().await, sent("whole.txt", "whole"));
    slow.write_all(b" and half").unwrap();
    drop(slow);
    assert_eq!(running.next().await, sent("slow.txt", "half and half"));
}

#[tokio::test]
async fn all_that_is_no_dropped_text_is_left_alone() {
    let fixture = Fixture::new();
    for folder in ["rooms/not a code", "rooms/kino/deeper", "users/ann", "folder.txt"] {
        fs::create_dir_all(fixture.path(folder)).unwrap();
    }
    let left = [
        "notes.md",
        "LOUD.TXT",
        ".hidden.txt",
        "x.txt~",
        "rooms/x.txt",
        "rooms/not a code/x.txt",
        "rooms/kino/deeper/x.txt",
        "users/ann/x.txt",
        "folder.txt/x.txt",
    ];
    left.iter().for_each(|name| fixture.write(name, "before"));
    let mut running = fixture.start();
    left.iter().for_each(|name| fixture.write(name, "after"));
    fixture.write("x.txt", "sent");
    assert_eq!(running.next().await, sent("x.txt", "sent"));
    assert_eq!(running.stop().await, []);
    for name in left {
        assert_eq!(fs::read(fixture.path(name)).unwrap(), b"after", "{name}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn links_and_pipes_are_not_followed() {
    let fixture = Fixture::new();
    let secret = fixture.home.path().join("secret");
    fs::write(&secret, "secret").unwrap();
    let link = |name: &str| std::os::unix::fs::symlink(&secret, fixture.path(name)).unwrap();
    link("before.txt");
    let mut running = fixture.start();
    link("link.txt");
    link("link.tmp");
    fs::rename(fixture.path("link.tmp"), fixture.path("renamed.txt")).unwrap();
    let pipe = fixture.path("pipe.txt");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    fixture.write("x.txt", "sent");
    assert_eq!(running.next().await, sent("x.txt", "sent"));
    assert_eq!(running.stop().await, []);
    for name in ["before.txt", "link.txt", "renamed.txt", "pipe.txt"] {
        assert!(fs::symlink_metadata(fixture.path(name)).is_ok(), "{name} is still there");
    }
    assert_eq!(fs::read(secret).unwrap(), b"secret");
}

/// Names are bytes there.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_text_is_sent_though_its_name_is_not_utf8() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let fixture = Fixture::new();
    let write =
        |name: &[u8], text: &str| fs::write(fixture.folder.join(OsStr::from_bytes(name)), text).unwrap();
    write(b"caf\xe8.txt", "one before");
    write(b"caf\xe9.txt", "two before");
    let mut running = fixture.start();
    let lossy = "caf\u{fffd}.txt";
    assert_eq!(running.next_two().await, [sent(lossy, "one before"), sent(lossy, "two before")]);
    write(b"caf\xe8.txt", "after");
    assert_eq!(running.next().await, sent(lossy, "after"));
    write(b"caf\xe8.txt", &"too long".repeat(MAX_FRAME_BYTES));
    assert_eq!(running.next().await, Seen::Rejected(lossy.to_owned(), Rejection::TooLarge));
    assert!(fixture.path("rejected").join(lossy).exists());
    assert_eq!(running.stop().await, []);
    assert_eq!(fs::read_dir(&fixture.folder).unwrap().count(), 2, "only our own folders are left");
}

#[tokio::test]
async fn what_is_not_utf8_is_put_aside() {
    let fixture = Fixture::new();
    let mut running = fixture.start();
    for text in [b"caf\xe9", b"th\xe9 "] {
        fixture.write("x.txt", text);
        assert_eq!(running.next().await, Seen::Rejected("x.txt".to_owned(), Rejection::NotUtf8));
    }
    assert_eq!(fs::read(fixture.path("rejected/x.txt")).unwrap(), b"caf\xe9");
    assert_eq!(fs::read(fixture.path("rejected/x (2).txt")).unwrap(), b"th\xe9 ");
    fixture.write("x.txt", "fine");
    assert_eq!(running.next().await, sent("x.txt", "fine"));
}

#[tokio::test]
async fn a_text_of_32_kilobytes_is_sent_and_one_byte_more_is_put_aside() {
    let fixture = Fixture::new();
    let mut running = fixture.start();
    let full = "x".repeat(MAX_FRAME_BYTES);
    fixture.write("full.txt", &full);
    assert_eq!(running.next().await, sent("full.txt", &full));
    fs::create_dir_all(fixture.path("rooms/kino")).unwrap();
    let over = format!("{full}x");
    fixture.write("rooms/kino/over.txt", &over);
    let rejected = Seen::Rejected("rooms/kino/over.txt".to_owned(), Rejection::TooLarge);
    assert_eq!(running.next().await, rejected);
    let aside = fixture.path("rejected/rooms/kino/over.txt");
    assert_eq!(fs::read(aside).unwrap(), over.as_bytes());
}

#[tokio::test]
async fn a_text_of_the_same_name_that_comes_while_the_first_is_sent_is_sent_too() {
    let fixture = Fixture::new();
    let mut running = fixture.start_with(0, 0);
    let m = fixture.path("m.txt");
    fixture.write("m.txt", "one");
    until(&fixture.folder, || !m.exists()).await;
    fixture.write("m.txt", "two");
    until(&fixture.folder, || !m.exists()).await;
    running.recorder.gate.add_permits(2);
    assert_eq!(running.next().await, sent("m.txt", "one"));
    assert_eq!(running.next().await, sent("m.txt", "two"));
    let versions = running.recorder.versions.lock().unwrap().clone();
    assert_ne!(versions[0], versions[1]);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_text_that_somebody_else_had_open_when_it_was_claimed_waits_for_them() {
    let fixture = Fixture::new();
    let mut running = fixture.start();
    let m = fixture.path("m.txt");
    let mut second = OpenOptions::new().create(true).append(true).open(&m).unwrap();
    let mut first = OpenOptions::new().append(true).open(&m).unwrap();
    first.write_all(b"one\n").unwrap();
    drop(first);
    until(&fixture.folder, || !m.exists()).await;
    fixture.write("other.txt", "other");
    assert_eq!(running.next().await, sent("other.txt", "other"));
    second.write_all(b"two\n").unwrap();
    drop(second);
    assert_eq!(running.next().await, sent("m.txt", "one\ntwo\n"));
}

#[tokio::test]
async fn what_is_written_to_a_text_while_it_is_sent_is_sent_as_well() {
    let fixture = Fixture::new();
    let mut running = fixture.start();
    let (hand_over, late) = std::sync::mpsc::channel();
    let claimed = fixture.path(".claimed");
    *running.recorder.meanwhile.lock().unwrap() = Some(Box::new(move |drop: &DropRef| {
        let files = fs::read_dir(claimed).unwrap().map(|entry| entry.unwrap().path());
        let is_it = |path: &PathBuf| path.to_str().unwrap().contains(&drop.version);
        let path = files.into_iter().find(is_it).unwrap();
        hand_over.send(OpenOptions::new().write(true).truncate(true).open(path).unwrap()).unwrap();
    }));
    fixture.write("m.txt", "one");
    assert_eq!(running.next().await, sent("m.txt", "one"));
    let mut late = late.recv().unwrap();
    late.write_all(b"and two").unwrap();
    drop(late);
    assert_eq!(running.next().await, sent("m.txt", "and two"));
    assert_eq!(running.stop().await, []);
    assert!(fixture.private().is_empty());
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn of_a_text_that_is_written_again_and_again_nothing_is_sent_half_and_the_last_is_sent() {
    const ROUNDS: usize = 300;
    let fixture = Fixture::new();
    let mut running = fixture.start();
    let m = fixture.path("m.txt");
    let writer = thread::spawn(move || {
        for round in 1..=ROUNDS {
            let mut file = File::create(&m).unwrap();
            write!(file, "{round}").unwrap();
            writeln!(file, " of {ROUNDS}").unwrap();
        }
    });
    loop {
        let Seen::Sent(_, text) = running.next().await else { panic!("it was rejected") };
        assert!(text.ends_with(&format!(" of {ROUNDS}\n")), "{text:?} is not whole");
        if text == format!("{ROUNDS} of {ROUNDS}\n") {
            break;
        }
    }
    writer.join().unwrap();
}

#[tokio::test]
async fn two_texts_dropped_at_the_same_moment_are_both_sent_once() {
    let fixture = Fixture::new();
    let mut running = fixture.start();
    let barrier = Arc::new(Barrier::new(2));
    let writers = ["a", "b"].map(|name| {
        let (path, barrier) = (fixture.path(&format!("{name}.txt")), Arc::clone(&barrier));
        thread::spawn(move || {
            barrier.wait();
            fs::write(path, name).unwrap();
        })
    });
    writers.into_iter().for_each(|writer| writer.join().unwrap());
    assert_eq!(running.next_two().await, [sent("a.txt", "a"), sent("b.txt", "b")]);
    assert_eq!(running.stop().await, []);
}

#[tokio::test]
async fn two_hundred_texts_at_once_are_sent_once_each_and_in_order() {
    let fixture = Fixture::new();
    let mut running = fixture.start();
    let names: Vec<_> = (0..200).map(|number| format!("{number}.txt")).collect();
    names.iter().for_each(|name| fixture.write(name, name));
    for name in &names {
        assert_eq!(running.next().await, sent(name, name));
    }
    assert_eq!(running.stop().await, []);
}

#[tokio::test]
async fn what_a_crash_left_claimed_is_sent_first_and_in_order() {
    let fixture = Fixture::new();
    let claimed = fixture.path(".claimed");
    fs::create_dir_all(claimed.join("sent")).unwrap();
    let leave = |name: &str, text| fs::write(claimed.join(name), text).unwrap();
    leave("000000000012-00000000000000aa+feed+second.txt", "second");
    leave("000000000007-00000000000000aa+feed+first.txt", "first");
    leave("sent/000000000003-00000000000000aa+feed+done.txt", "done");
    leave("not ours", "not ours");
    fixture.write("third.txt", "third");
    let mut running = fixture.start();
    for text in ["first", "second", "third"] {
        assert_eq!(running.next().await, sent(&format!("{text}.txt"), text));
    }
    let versions = running.recorder.versions.lock().unwrap().clone();
    assert!(versions.is_sorted() && versions[0].as_str() > "000000000012", "{versions:?}");
    assert!(versions.iter().all(|version| !version.ends_with("-00000000000000aa")), "{versions:?}");
    assert_eq!(running.stop().await, []);
    assert_eq!(fixture.private(), [claimed.join("not ours")]);
}

#[tokio::test]
async fn what_was_not_sent_when_the_server_stopped_is_sent_after_the_next_start() {
    let fixture = Fixture::new();
    let running = fixture.start_with(OPEN, OPEN);
    fixture.write("x.txt", "x");
    let x = fixture.path("x.txt");
    until(&fixture.folder, || !x.exists()).await;
    assert_eq!(running.stop().await, []);
    let mut running = fixture.start();
    assert_eq!(running.next().await, sent("x.txt", "x"));
    fixture.write("x.txt", "again");
    assert_eq!(running.next().await, sent("x.txt", "again"));
}

#[tokio::test]
async fn rooms_and_people_have_folders_of_their_own() {
    let fixture = Fixture::new();
    let mut running = fixture.start();
    fs::create_dir_all(fixture.path("rooms/kino")).unwrap();
    fixture.write("rooms/kino/x.txt", "hello\n");
    assert_eq!(running.next().await, sent("rooms/kino/x.txt", r#"{"type":"BROADCAST","text":"hello\n"}"#));
    fixture.write("rooms/kino/y.txt", "{\"type\": \"X\"}\n");
    assert_eq!(running.next().await, sent("rooms/kino/y.txt", "{\"type\": \"X\"}\n"));
    let outside = fixture.home.path().join("17");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("x.txt"), "[1]").unwrap();
    fs::create_dir(fixture.path("users")).unwrap();
    fs::rename(outside, fixture.path("users/17")).unwrap();
    assert_eq!(running.next().await, sent("users/17/x.txt", r#"{"type":"BROADCAST","text":"[1]"}"#));
}

#[tokio::test]
async fn a_text_that_cannot_be_sent_is_tried_again_and_holds_up_its_own_target_only() {
    let fixture = Fixture::new();
    fs::create_dir_all(fixture.path("rooms/kino")).unwrap();
    let mut running = fixture.start_with(OPEN, 2);
    fixture.write("one.txt", "one");
    fixture.write("two.txt", "two");
    fixture.write("rooms/kino/x.txt", "{}");
    assert_eq!(running.next().await, sent("rooms/kino/x.txt", "{}"));
    assert_eq!(running.next().await, sent("one.txt", "one"));
    assert_eq!(running.next().await, sent("two.txt", "two"));
    assert_eq!(running.recorder.failures.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn an_empty_file_is_taken_away_without_being_sent() {
    let fixture = Fixture::new();
    let running = fixture.start();
    fixture.write("empty.txt", "");
    let sent_folder = fixture.path(".claimed/sent");
    until(&fixture.folder, || fs::read_dir(&sent_folder).unwrap().count() == 1).await;
    assert!(!fixture.path("empty.txt").exists());
    assert_eq!(running.stop().await, []);
}

#[tokio::test]
async fn a_name_of_the_greatest_length_is_no_obstacle() {
    let fixture = Fixture::new();
    let mut running = fixture.start();
    fixture.write(&format!("{}.txt", "n".repeat(251)), "long");
    let Seen::Sent(path, text) = running.next().await else { panic!("it was not sent") };
    assert!(path.starts_with("nnn") && path.ends_with("nnn.txt"), "{path}");
    assert_eq!(text, "long");
}

#[tokio::test]
async fn a_drop_folder_that_has_gone_is_made_again() {
    let fixture = Fixture::new();
    let mut running = fixture.start();
    fixture.write("x.txt", "before");
    assert_eq!(running.next().await, sent("x.txt", "before"));
    fs::remove_dir_all(&fixture.folder).unwrap();
    let claimed = fixture.path(".claimed/sent");
    until(fixture.home.path(), || claimed.exists()).await;
    fixture.write("x.txt", "after");
    assert_eq!(running.next().await, sent("x.txt", "after"));
}
