//! The real binary as a child process.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::thread::{self, JoinHandle};

/// How what it says at first ends.
const LAST_LINE: &str = "Ctrl-C ends it";

/// local-dev, running on free ports. Killed when dropped.
pub struct Process {
    child: Child,
    banner: Vec<String>,
    log: Option<JoinHandle<String>>,
}

impl Process {
    /// Starts it and waits until it says where it listens.
    pub fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let log = collect(child.stderr.take().unwrap());
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let banner: Vec<_> = lines.by_ref().take_while(|line| !line.contains(LAST_LINE)).collect();
        let process = Self { child, banner, log: Some(log) };
        assert!(!process.banner.is_empty(), "it did not start");
        // Whoever stops reading a pipe stops its writer.
        thread::spawn(move || lines.for_each(drop));
        process
    }

    /// The address that it says after this, without a slash at the end.
    pub fn address(&self, of: &str) -> String {
        let line = self.banner.iter().find_map(|line| line.trim().strip_prefix(of));
        let line = line.unwrap_or_else(|| panic!("no {of} in {:?}", self.banner));
        line.trim().trim_end_matches('/').to_owned()
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

    /// For whoever looks for the reason of a failure.
    fn keep_log(&mut self) {
        let log = self.log.take().and_then(|log| log.join().ok()).unwrap_or_default();
        let name = thread::current().name().unwrap_or("scenario").replace(':', "_");
        let _ = fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name + ".log"), log);
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if thread::panicking() {
            self.keep_log();
        }
    }
}

/// The command that starts it on free ports.
pub fn command(store: &Path, options: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_local-dev"));
    command.args(["--port", "0", "--feed-port", "0", "--log", "debug", "--store"]).arg(store).args(options);
    command
}

/// The same command in a shell that has set something first.
#[cfg(unix)]
pub fn under(setting: &str, command: &Command) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("{setting} && exec \"$0\" \"$@\"")]);
    shell.arg(command.get_program()).args(command.get_args());
    shell
}

fn collect(mut stderr: ChildStderr) -> JoinHandle<String> {
    thread::spawn(move || {
        let mut log = Vec::new();
        let _ = stderr.read_to_end(&mut log);
        String::from_utf8_lossy(&log).into_owned()
    })
}
