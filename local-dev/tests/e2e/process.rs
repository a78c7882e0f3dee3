//! The real binary as a child process.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::thread::{self, JoinHandle};

/// local-dev, running on free ports. Killed when dropped.
pub struct Process {
    pub http: String,
    pub feed: String,
    child: Child,
    log: Option<JoinHandle<String>>,
}

impl Process {
    /// Starts it and waits until it says where it listens.
    pub fn start(store: &Path, options: &[&str]) -> Self {
        let mut child =
            command(store, options).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let log = collect(child.stderr.take().unwrap());
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let mut url = |scheme: &str| {
            let line = lines
                .find(|line| line.contains(scheme))
                .unwrap_or_else(|| panic!("no {scheme} in what it says"));
            let start = line.find(scheme).unwrap();
            line[start..].split_whitespace().next().unwrap().trim_end_matches('/').to_owned()
        };
        let (http, feed) = (url("http://"), url("ws://"));
        // Whoever stops reading a pipe stops its writer.
        thread::spawn(move || lines.for_each(drop));
        Self { http, feed, child, log: Some(log) }
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// SIGKILL.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM; answers the log once it has ended well.
    pub fn stop(mut self) -> String {
        let terminated = Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
        assert!(terminated.success());
        let status = self.child.wait().unwrap();
        let log = self.log.take().unwrap().join().unwrap();
        assert!(status.success(), "ended with {status}:\n{log}");
        log
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The command that starts it on free ports.
pub fn command(store: &Path, options: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_local-dev"));
    command.args(["--port", "0", "--feed-port", "0", "--log", "debug", "--store"]).arg(store).args(options);
    command
}

fn collect(mut stderr: ChildStderr) -> JoinHandle<String> {
    thread::spawn(move || {
        let mut log = Vec::new();
        let _ = stderr.read_to_end(&mut log);
        String::from_utf8_lossy(&log).into_owned()
    })
}
