//! A connection of which every byte is the client's own choice.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

use crate::{Failure, handshake};

/// The least that a kernel keeps for what was not read.
const SMALL_BUFFER: u32 = 4096;
/// Longer than the server may take to close what it closes, but for whoever is slow.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where the server is, and what it is called there.
pub(super) struct Address {
    socket: SocketAddr,
    authority: String,
}

impl Address {
    /// Of `localhost:PORT`.
    pub(super) fn new(authority: &str) -> Result<Self, Failure> {
        let socket = authority.replace("localhost", "127.0.0.1").parse()?;
        Ok(Self { socket, authority: authority.to_owned() })
    }

    /// A connection on which nothing has been said yet.
    pub(super) async fn connect(&self) -> io::Result<TcpStream> {
        let socket = TcpSocket::new_v4()?;
        socket.set_recv_buffer_size(SMALL_BUFFER)?;
        socket.connect(self.socket).await
    }

    /// The request for a socket at this path.
    pub(super) fn request(&self, path: &str) -> String {
        handshake::request(&self.authority, path)
    }

    /// An open socket, or one that is about to be refused by a close.
    pub(super) async fn open(&self, path: &str) -> io::Result<TcpStream> {
        let mut stream = self.connect().await?;
        stream.write_all(self.request(path).as_bytes()).await?;
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await?);
        }
        Ok(stream)
    }
}

/// Waits until the server closes the connection, whatever it says before.
pub(super) async fn closed(stream: &mut TcpStream) -> io::Result<()> {
    let mut scratch = [0; 4096];
    let reading = async {
        // A connection that is reset was closed, too.
        while stream.read(&mut scratch).await.is_ok_and(|count| count > 0) {}
    };
    Ok(timeout(PATIENCE, reading).await?)
}
