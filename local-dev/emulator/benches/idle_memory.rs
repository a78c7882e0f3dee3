//! What an idle feed socket costs: resident memory of a server, in a process of its own, before and after thousands of
//! sockets have been opened and got a few heartbeats.
//!
//! `cargo bench -p emulator --bench idle_memory`; it fails above the limit. Linux only: it reads `/proc`.

#![expect(clippy::print_stdout, reason = "a benchmark's report")]

mod support;

use std::io::{BufRead, BufReader, Read};
use std::net::TcpStream;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::Duration;

use parlor::ports::{Broadcast, Group, Sender};
use parlor::protocol::{Dialect, Event};
use support::{Failure, Server};

const SOCKETS: usize = 5000;
/// Sockets that are opened before the first look, so that what is needed once is there.
const WARM_UP: usize = 50;
const HEARTBEAT: Duration = Duration::from_millis(500);
/// So many heartbeats every socket gets before the second look.
const HEARTBEATS: usize = 3;
const HEARTBEAT_BYTES: usize = 2 + "[ping] Server heartbeat".len();
/// The limit, in bytes for each socket.
const LIMIT: f64 = 8192.0;
/// The argument that makes this process the server.
const SERVE: &str = "serve";

fn main() -> Result<ExitCode, Failure> {
    if std::env::args().any(|argument| argument == SERVE) {
        emulator::runtime()?.block_on(serve())?;
    } else if support::is_wanted() {
        emulator::listener::raise_open_file_limit();
        return measure();
    }
    Ok(ExitCode::SUCCESS)
}

/// Says its port, and sends heartbeats until the parent is gone.
async fn serve() -> Result<(), Failure> {
    let server = Server::start().await?;
    println!("{}", server.port);
    let parent = tokio::task::spawn_blocking(|| std::io::stdin().read(&mut [0]));
    let frame = Event::FeedHeartbeat.frame(Dialect::Feed).ok_or("the heartbeat fits no frame")?;
    let heartbeat = Broadcast::same(frame);
    let beat = async {
        loop {
            tokio::time::sleep(HEARTBEAT).await;
            if server.channels.publish(&Group::Feed, &heartbeat).await.is_err() {
                return;
            }
        }
    };
    tokio::select! {
        _ = parent => {}
        () = beat => {}
    }
    Ok(())
}

fn measure() -> Result<ExitCode, Failure> {
    let mut server = start_server()?;
    let port = read_port(&mut server)?;
    let mut sockets = open(port, WARM_UP)?;
    let before = resident_bytes(server.id())?;
    sockets.extend(open(port, SOCKETS)?);
    for socket in &mut sockets {
        socket.read_exact(&mut [0; HEARTBEAT_BYTES * HEARTBEATS])?;
    }
    let after = resident_bytes(server.id())?;
    // The server ends when its standard input does.
    drop(server.stdin.take());
    server.wait()?;
    let each = (after.saturating_sub(before)) as f64 / SOCKETS as f64;
    let verdict = if each <= LIMIT { "ok" } else { "MISSED" };
    println!("{SOCKETS} idle sockets: {each:.0} bytes resident each, at most {LIMIT:.0}: {verdict}");
    Ok(if each <= LIMIT { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn start_server() -> Result<Child, Failure> {
    let mut command = Command::new(std::env::current_exe()?);
    Ok(command.arg(SERVE).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?)
}

fn read_port(server: &mut Child) -> Result<u16, Failure> {
    let output = server.stdout.take().ok_or("the server says nothing")?;
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line)?;
    Ok(line.trim().parse()?)
}

fn open(port: u16, count: usize) -> Result<Vec<TcpStream>, Failure> {
    (0..count).map(|_| support::open_socket(port)).collect()
}

fn resident_bytes(process: u32) -> Result<usize, Failure> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    let kilobytes: usize = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kilobytes * 1024)
}
