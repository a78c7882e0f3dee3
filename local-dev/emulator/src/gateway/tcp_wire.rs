//! A socket's TCP connection, as the outbox writes to it and the gateway reads from it.

use std::cell::RefCell;
use std::io::{self, IoSlice, Read as _};
use std::net::Shutdown;

use async_trait::async_trait;
use parlor::embedded::Wire;
use socket2::SockRef;
use tokio::io::Interest;
use tokio::net::TcpStream;

use crate::listener::PeerStream;

/// How much is read at once.
const SCRATCH_BYTES: usize = 64 * 1024;

thread_local! {
    /// One read buffer per thread, instead of one per socket: idle sockets need none.
    static SCRATCH: RefCell<Vec<u8>> = RefCell::new(vec![0; SCRATCH_BYTES]);
}

/// An upgraded connection.
#[derive(Debug)]
pub(super) struct TcpWire(PeerStream);

impl TcpWire {
    pub(super) fn new(stream: PeerStream) -> Self {
        Self(stream)
    }

    /// Returns when there is something to read, be it the end.
    pub(super) async fn readable(&self) -> io::Result<()> {
        self.0.tcp().readable().await
    }

    /// Reads what is there and shows it; no bytes are the end, none at all is [`io::ErrorKind::WouldBlock`].
    pub(super) fn try_read<T>(&self, see: impl FnOnce(&[u8]) -> T) -> io::Result<T> {
        SCRATCH.with_borrow_mut(|scratch| {
            let count = read_all(self.0.tcp(), scratch)?;
            Ok(see(&scratch[..count]))
        })
    }

    /// Reads, and throws away, all until the end.
    pub(super) async fn drain(&self) {
        while self.readable().await.is_ok() {
            match self.try_read(<[u8]>::len) {
                Ok(1..) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Ok(0) | Err(_) => return,
            }
        }
    }

    fn shut(&self, how: Shutdown) {
        // It fails only when the connection is gone already.
        let _ = SockRef::from(self.0.tcp()).shutdown(how);
    }
}

#[async_trait]
impl Wire for TcpWire {
    fn try_write(&self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        match slices {
            [one] => self.0.tcp().try_write(one),
            many => self.0.tcp().try_write_vectored(many),
        }
    }

    async fn writable(&self) -> io::Result<()> {
        self.0.tcp().writable().await
    }

    fn finish(&self) {
        self.shut(Shutdown::Write);
    }

    fn abort(&self) {
        self.shut(Shutdown::Both);
    }
}

/// Reads, and takes the stream for empty if that did not fill the buffer, so that nobody has to ask once more to learn it: epoll
/// and kqueue tell of whatever comes later, and of the end.
fn read_all(stream: &TcpStream, buffer: &mut [u8]) -> io::Result<usize> {
    let mut partial = None;
    let read = stream.try_io(Interest::READABLE, || {
        let count = (&*SockRef::from(stream)).read(buffer)?;
        if cfg!(unix) && (1..buffer.len()).contains(&count) {
            partial = Some(count);
            return Err(io::ErrorKind::WouldBlock.into());
        }
        Ok(count)
    });
    partial.map_or(read, Ok)
}
