//! A server as a program, and its sockets before anybody talks.

use std::io::{BufRead as _, BufReader, Read};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use crate::{Failure, handshake};

/// It, ended when dropped.
pub(super) struct Program {
    process: Child,
    port: u16,
}

impl Program {
    /// Starts what prints its port as its first line.
    pub(super) fn start(command: &mut Command) -> Result<Self, Failure> {
        let mut process = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let output = process.stdout.take();
        Self::known(process, output, |line| line.trim().parse().ok())
    }

    /// Starts what names its port in a line of its log, on stderr.
    pub(super) fn start_logging(
        command: &mut Command,
        port: impl Fn(&str) -> Option<u16>,
    ) -> Result<Self, Failure> {
        let mut process = command.stdin(Stdio::null()).stderr(Stdio::piped()).spawn()?;
        let log = process.stderr.take();
        Self::known(process, log, port)
    }

    fn known<R: Read + Send + 'static>(
        process: Child,
        output: Option<R>,
        port: impl Fn(&str) -> Option<u16>,
    ) -> Result<Self, Failure> {
        let mut program = Self { process, port: 0 };
        let mut lines = BufReader::new(output.ok_or("it says nothing")?).lines();
        let told = lines.by_ref().map_while(Result::ok).find_map(|line| port(&line));
        program.port = told.ok_or("it says no port")?;
        // Whoever stops reading a pipe stops its writer.
        std::thread::spawn(move || lines.for_each(drop));
        Ok(program)
    }

    /// So many sockets in each room, room by room; the path goes on with the room's name.
    pub(super) fn sockets(
        &self,
        path: &str,
        rooms: usize,
        members: usize,
    ) -> Result<Vec<TcpStream>, Failure> {
        let names = (0..rooms).flat_map(|room| std::iter::repeat_n(format!("{path}room-{room}"), members));
        names.map(|path| self.socket(&path)).collect()
    }

    /// A socket at this path.
    pub(super) fn socket(&self, path: &str) -> Result<TcpStream, Failure> {
        handshake::open(&format!("localhost:{}", self.port), path)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The payload of the next frame.
pub(super) fn read_frame(socket: &mut TcpStream) -> Result<Vec<u8>, Failure> {
    let (mut head, mut longer) = ([0; 2], [0; 2]);
    socket.read_exact(&mut head)?;
    let length = match head[1] {
        126 => {
            socket.read_exact(&mut longer)?;
            u16::from_be_bytes(longer).into()
        }
        short => usize::from(short),
    };
    let mut payload = vec![0; length];
    socket.read_exact(&mut payload)?;
    Ok(payload)
}
