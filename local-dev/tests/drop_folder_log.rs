//! What local-dev says of files in the drop folder that it leaves alone.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::fs;
use std::io::{BufRead as _, BufReader, Read};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// What has not come by then does not come.
const PATIENCE: Duration = Duration::from_secs(30);

/// A local-dev on a store of its own. Killed when dropped.
struct Program {
    child: Child,
    said: Receiver<String>,
}

impl Program {
    fn start(store: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_local-dev"));
        command.args(["--port", "0", "--feed-port", "0", "--store"]).arg(store);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let output = lines(child.stdout.take().unwrap());
        let said = lines(child.stderr.take().unwrap());
        let program = Self { child, said };
        while !output.recv_timeout(PATIENCE).unwrap().contains("Ctrl-C") {}
        program
    }

    /// Waits for a line of the log that has all these words.
    fn says(&self, words: &[&str]) {
        loop {
            let line =
                self.said.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("nothing is said of {words:?}"));
            if words.iter().all(|word| line.contains(word)) {
                return;
            }
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn lines(pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (said, lines) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            if said.send(line).is_err() {
                return;
            }
        }
    });
    lines
}

#[test]
fn texts_that_only_look_like_some_are_left_alone_with_a_word() {
    let store = tempfile::tempdir().unwrap();
    let (drops, elsewhere) = (store.path().join("websocket_messages"), store.path().join("elsewhere.txt"));
    fs::create_dir(&drops).unwrap();
    fs::write(&elsewhere, "secret").unwrap();
    symlink(&elsewhere, drops.join("before.txt")).unwrap();
    let program = Program::start(store.path());
    program.says(&["WARN", "before.txt", "symbolic link"]);
    fs::write(drops.join("X.TXT"), "hello").unwrap();
    program.says(&["WARN", "X.TXT", ".txt"]);
    symlink(&elsewhere, drops.join("link.txt")).unwrap();
    program.says(&["WARN", "link.txt", "symbolic link"]);
    assert_eq!(fs::read_to_string(&elsewhere).unwrap(), "secret");
}
