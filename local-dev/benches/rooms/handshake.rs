//! Opening a socket by hand, so that nothing of it is left to be read but messages.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use crate::Failure;

/// The request for a socket at this path, whole.
pub(crate) fn request(authority: &str, path: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nHost: {authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
}

/// Opens a socket at `localhost:PORT`, by its IPv4 address.
pub(crate) fn open(authority: &str, path: &str) -> Result<TcpStream, Failure> {
    let mut stream = TcpStream::connect(authority.replace("localhost", "127.0.0.1"))?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    stream.write_all(request(authority, path).as_bytes())?;
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    if head.starts_with(b"HTTP/1.1 101") { Ok(stream) } else { Err("the handshake was refused".into()) }
}
