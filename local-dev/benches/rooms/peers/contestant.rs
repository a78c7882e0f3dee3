//! Servers of rooms, each with sockets in them.

use std::io::Write as _;
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use super::program::{Program, read_frame};
use super::{GATEWAY_ALONE, nats};
use crate::Failure;
use crate::crowd::{Crowd, frame};
use crate::server::{Limits, Server};

/// A server, and those who talk there.
pub(super) struct Contestant {
    pub(super) name: &'static str,
    /// Whether each message is stored before it is told.
    pub(super) is_stored: bool,
    pub(super) crowd: Crowd,
    _server: Running,
}

/// What is ended with a contestant.
#[expect(dead_code, reason = "held as long as it is needed, and never looked at")]
enum Running {
    Parlor(Server),
    Program(Program),
    Storing(Program, TempDir),
}

/// All of them: of each kind ours first.
pub(super) fn all(folder: &Path, rooms: usize, members: usize) -> Result<Vec<Contestant>, Failure> {
    let mut all = vec![
        parlor(rooms, members)?,
        storing_ws(folder, rooms, members)?,
        gateway_alone(rooms, members)?,
        ws(folder, rooms, members)?,
        socket_io(folder, rooms, members)?,
    ];
    if nats::is_installed() {
        let (stored, in_memory) = (tempfile::tempdir()?, tempfile::tempdir()?);
        let (program, crowd) = nats::storing(stored.path(), rooms, members)?;
        all.push(Contestant::storing("NATS JetStream, stored", program, stored, crowd));
        let (program, crowd) = nats::passing_on(in_memory.path(), rooms, members)?;
        all.push(Contestant::passing_on("NATS, in memory", program, crowd));
    }
    Ok(all)
}

impl Contestant {
    fn storing(name: &'static str, program: Program, store: TempDir, crowd: Crowd) -> Self {
        Self { name, is_stored: true, crowd, _server: Running::Storing(program, store) }
    }

    fn passing_on(name: &'static str, program: Program, crowd: Crowd) -> Self {
        Self { name, is_stored: false, crowd, _server: Running::Program(program) }
    }
}

/// The place of ours of a kind.
pub(super) fn ours(contestants: &[Contestant], is_stored: bool) -> Option<usize> {
    contestants.iter().position(|contestant| contestant.is_stored == is_stored)
}

fn parlor(rooms: usize, members: usize) -> Result<Contestant, Failure> {
    let server = Server::start(rooms, Limits::Lifted)?;
    let crowd = Crowd::new(server.open(members)?, members)?;
    Ok(Contestant { name: "Parlor, stored", is_stored: true, crowd, _server: Running::Parlor(server) })
}

fn storing_ws(folder: &Path, rooms: usize, members: usize) -> Result<Contestant, Failure> {
    let store = tempfile::tempdir()?;
    let mut node = node(folder, "ws.mjs");
    let program = Program::start(node.arg(store.path().join("messages.db")))?;
    let crowd = Crowd::new(program.sockets("/", rooms, members)?, members)?;
    Ok(Contestant::storing("ws + better-sqlite3, stored", program, store, crowd))
}

fn gateway_alone(rooms: usize, members: usize) -> Result<Contestant, Failure> {
    let mut this = Command::new(std::env::current_exe()?);
    let program = Program::start(this.args(["--bench", GATEWAY_ALONE]))?;
    plainly("Parlor's gateway, in memory", program, rooms, members)
}

fn ws(folder: &Path, rooms: usize, members: usize) -> Result<Contestant, Failure> {
    let program = Program::start(&mut node(folder, "ws.mjs"))?;
    plainly("ws, in memory", program, rooms, members)
}

fn plainly(
    name: &'static str,
    program: Program,
    rooms: usize,
    members: usize,
) -> Result<Contestant, Failure> {
    let crowd = Crowd::new(program.sockets("/", rooms, members)?, members)?;
    Ok(Contestant::passing_on(name, program, crowd))
}

fn socket_io(folder: &Path, rooms: usize, members: usize) -> Result<Contestant, Failure> {
    let program = Program::start(&mut node(folder, "socket-io.mjs"))?;
    let mut sockets = program.sockets("/socket.io/?EIO=4&transport=websocket&room=", rooms, members)?;
    for socket in &mut sockets {
        enter_socket_io(socket)?;
    }
    let crowd =
        Crowd::speaking(sockets, members, |_, text| format!(r#"42["message",{{"message":"{text}"}}]"#))?;
    Ok(Contestant::passing_on("Socket.IO, in memory", program, crowd))
}

/// Its protocol opens a session, and a namespace in it, before anything can be said.
fn enter_socket_io(socket: &mut TcpStream) -> Result<(), Failure> {
    read_frame(socket)?;
    socket.write_all(&frame("40"))?;
    read_frame(socket)?;
    Ok(())
}

fn node(folder: &Path, script: &str) -> Command {
    let mut node = Command::new("node");
    node.arg(folder.join(script)).env("NODE_ENV", "production");
    node
}
