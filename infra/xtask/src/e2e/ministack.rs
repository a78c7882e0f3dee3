//! MiniStack: an emulator of AWS that runs functions' binaries without Docker.

use std::fs::File;
use std::io::{BufRead, BufReader, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, ChildStderr, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use crate::python;
use crate::step::{Outcome, announce, program, root, target};

/// The tested version: the shim beside this reaches into it.
pub(super) const PACKAGES: [&str; 2] = ["ministack==1.5.33", "aws-sam-translator==1.115.0"];
/// Any are good there; signatures are verified by them.
pub(super) const KEY: &str = "test";
pub(super) const REGION: &str = "us-east-1";

const MAX_START: Duration = Duration::from_secs(120);
/// What it writes once it can be called.
const READY: &str = "services available on port";

/// The emulator, ended when dropped.
pub(super) struct MiniStack {
    /// Where all of its services are.
    pub(super) url: String,
    process: Child,
}

impl MiniStack {
    /// Starts it on a free port of this machine alone. What it logs goes to a file below `target`.
    pub(super) fn start() -> Outcome<Self> {
        let programs = python::environment("ministack", &PACKAGES)?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let url = format!("http://127.0.0.1:{port}");
        // However we end: killed by a signal, too.
        let mut command = program("setpriv");
        command.args(["--pdeathsig", "TERM"]).arg(programs.join("ministack"));
        command.env("BIND_HOST", "127.0.0.1").env("GATEWAY_PORT", port.to_string()).env("LOG_LEVEL", "INFO");
        command.env("PYTHONPATH", root().join("infra/ministack")).env("PYTHONDONTWRITEBYTECODE", "1");
        // Functions inherit it: so their SDK finds the emulator.
        command.env("AWS_ENDPOINT_URL", &url);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut process = command.spawn().map_err(|error| format!("MiniStack: {error}"))?;
        let log = target().join("ministack.log");
        let ready = process.stderr.take().map(|output| written_to(&log, output)).transpose()?;
        let ministack = Self { url, process };
        let is_ready = ready.is_some_and(|ready| ready.recv_timeout(MAX_START).is_ok());
        if is_ready {
            announce(&format!("MiniStack is at {}, and logs to {}", ministack.url, log.display()));
            return Ok(ministack);
        }
        Err(format!("MiniStack does not start: see {}", log.display()).into())
    }
}

impl Drop for MiniStack {
    /// Asks it to end, so that it ends the functions that it runs.
    fn drop(&mut self) {
        let asked = program("kill").arg(self.process.id().to_string()).status();
        if !asked.is_ok_and(|status| status.success()) {
            let _ = self.process.kill();
        }
        let _ = self.process.wait();
    }
}

/// Keeps what a program says, and tells when it is ready.
fn written_to(log: &Path, output: ChildStderr) -> Outcome<Receiver<()>> {
    let mut file = File::create(log)?;
    let (tell, ready): (Sender<()>, _) = channel();
    thread::spawn(move || {
        for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
            if String::from_utf8_lossy(&line).contains(READY) {
                let _ = tell.send(());
            }
            let _ = file.write_all(&line).and_then(|()| file.write_all(b"\n"));
        }
    });
    Ok(ready)
}
