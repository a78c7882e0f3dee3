//! One side of the comparison: this program once more, as a process of its own.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::Failure;
use crate::endpoint::Endpoint;

/// What a contestant reads when it is to begin, and says when it has done or is ready.
pub(crate) const GO: &str = "go";
pub(crate) const DONE: &str = "done";

/// What a function is told about where it runs; nothing is listening there but the sockets.
const ENVIRONMENT: [(&str, &str); 15] = [
    ("AWS_ACCESS_KEY_ID", "test"),
    ("AWS_SECRET_ACCESS_KEY", "test"),
    ("AWS_REGION", "us-east-1"),
    ("AWS_ENDPOINT_URL", "http://127.0.0.1:9"),
    ("TABLE_NAME", "none"),
    ("BUCKET_NAME", "none"),
    ("QUEUE_URL", "http://127.0.0.1:9/none"),
    ("PUBLIC_URL", "http://127.0.0.1:9"),
    ("ALLOWED_ORIGINS", ""),
    ("HEARTBEAT_SECONDS", "10"),
    ("HOST_GRACE_SECONDS", "30"),
    ("POSTS_PER_SECOND", "6000"),
    ("DELIVER_CONCURRENCY", "10"),
    ("EDGE_SECRET", ""),
    ("MAIL_FROM", ""),
];

/// A process that posts to every member of a group whenever it is told to. Killed when dropped.
pub(crate) struct Contestant {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    members: usize,
}

impl Contestant {
    /// Starts one and waits until it is ready.
    pub(crate) fn start(role: &str, endpoint: &Endpoint, members: usize) -> Result<Self, Failure> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args([role, endpoint.url(), &members.to_string()]);
        command.envs(ENVIRONMENT).env("CALLBACK_URL", endpoint.url());
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut input = process.stdin.take().ok_or("no input")?;
        let output = BufReader::new(process.stdout.take().ok_or("no output")?);
        for n in 0..members {
            writeln!(input, "{}", endpoint.socket(n))?;
        }
        let mut contestant = Self { process, input, output, members };
        contestant.wait()?;
        Ok(contestant)
    }

    /// Posts per second, from the word to the last frame that has reached its socket.
    pub(crate) fn rate(&mut self, endpoint: &Endpoint) -> Result<f64, Failure> {
        let watch = endpoint.expect(self.members);
        writeln!(self.input, "{GO}")?;
        let elapsed = watch.wait()?;
        self.wait()?;
        Ok(self.members as f64 / elapsed.as_secs_f64())
    }

    /// The most memory that it has held so far, in bytes.
    pub(crate) fn peak_memory(&self) -> Result<usize, Failure> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
        Ok(line.trim().trim_end_matches(" kB").parse::<usize>()? * 1024)
    }

    fn wait(&mut self) -> Result<(), Failure> {
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        if line.trim() == DONE { Ok(()) } else { Err(format!("a contestant said {line:?}").into()) }
    }
}

impl Drop for Contestant {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
