//! Servers of rooms, each with sockets in them.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use super::GATEWAY_ALONE;
use crate::crowd::{Crowd, frame};
use crate::server::{Limits, Server};
use crate::{Failure, handshake};

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

/// A program that prints the port on which it listens.
struct Program {
    process: Child,
    port: u16,
}

/// All of them: ours first, then those of the same kind.
pub(super) fn all(folder: &Path, rooms: usize, members: usize) -> Result<Vec<Contestant>, Failure> {
    Ok(vec![
        parlor(rooms, members)?,
        storing_ws(folder, rooms, members)?,
        gateway_alone(rooms, members)?,
        ws(folder, rooms, members)?,
        socket_io(folder, rooms, members)?,
    ])
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
    let server = Running::Storing(program, store);
    Ok(Contestant { name: "ws + better-sqlite3, stored", is_stored: true, crowd, _server: server })
}

fn gateway_alone(rooms: usize, members: usize) -> Result<Contestant, Failure> {
    let mut this = Command::new(std::env::current_exe()?);
    let program = Program::start(this.args(["--bench", GATEWAY_ALONE]))?;
    in_memory("Parlor's gateway, in memory", program, "/", rooms, members)
}

fn ws(folder: &Path, rooms: usize, members: usize) -> Result<Contestant, Failure> {
    let program = Program::start(&mut node(folder, "ws.mjs"))?;
    in_memory("ws, in memory", program, "/", rooms, members)
}

fn in_memory(
    name: &'static str,
    program: Program,
    path: &str,
    rooms: usize,
    members: usize,
) -> Result<Contestant, Failure> {
    let crowd = Crowd::new(program.sockets(path, rooms, members)?, members)?;
    Ok(Contestant { name, is_stored: false, crowd, _server: Running::Program(program) })
}

fn socket_io(folder: &Path, rooms: usize, members: usize) -> Result<Contestant, Failure> {
    let program = Program::start(&mut node(folder, "socket-io.mjs"))?;
    let mut sockets = program.sockets("/socket.io/?EIO=4&transport=websocket&room=", rooms, members)?;
    for socket in &mut sockets {
        enter_socket_io(socket)?;
    }
    let crowd = Crowd::speaking(sockets, members, |text| format!(r#"42["message",{{"message":"{text}"}}]"#))?;
    Ok(Contestant {
        name: "Socket.IO, in memory",
        is_stored: false,
        crowd,
        _server: Running::Program(program),
    })
}

/// Its protocol opens a session, and a namespace in it, before anything can be said.
fn enter_socket_io(socket: &mut TcpStream) -> Result<(), Failure> {
    read_text(socket)?;
    socket.write_all(&frame("40"))?;
    read_text(socket)
}

fn read_text(socket: &mut TcpStream) -> Result<(), Failure> {
    let (mut head, mut longer) = ([0; 2], [0; 2]);
    socket.read_exact(&mut head)?;
    let length = match head[1] {
        126 => {
            socket.read_exact(&mut longer)?;
            u16::from_be_bytes(longer).into()
        }
        short => usize::from(short),
    };
    Ok(socket.read_exact(&mut vec![0; length])?)
}

fn node(folder: &Path, script: &str) -> Command {
    let mut node = Command::new("node");
    node.arg(folder.join(script)).env("NODE_ENV", "production");
    node
}

impl Program {
    fn start(command: &mut Command) -> Result<Self, Failure> {
        let mut process = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let output = process.stdout.take();
        let mut program = Self { process, port: 0 };
        let mut line = String::new();
        BufReader::new(output.ok_or("it says nothing")?).read_line(&mut line)?;
        program.port = line.trim().parse().map_err(|_| format!("{command:?} says no port: {line}"))?;
        Ok(program)
    }

    /// So many sockets in each room, room by room; the path goes on with the room's name.
    fn sockets(&self, path: &str, rooms: usize, members: usize) -> Result<Vec<TcpStream>, Failure> {
        let authority = format!("localhost:{}", self.port);
        let names = (0..rooms).flat_map(|room| std::iter::repeat_n(format!("{path}room-{room}"), members));
        names.map(|path| handshake::open(&authority, &path)).collect()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
