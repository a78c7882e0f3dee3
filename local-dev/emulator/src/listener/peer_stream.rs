//! A TCP connection and its place among the connections.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

use super::places::Place;
use super::sent_head::HeadTap;

/// How long a connection that we end is still listened to.
const FAREWELL: Duration = Duration::from_secs(1);
/// What comes meanwhile is thrown away in pieces of this size.
const PIECE: usize = 8 * 1024;

/// An accepted connection, which counts towards the limit of connections as long as it lives: after an upgrade too.
#[derive(Debug)]
pub struct PeerStream {
    tcp: TcpStream,
    _place: Place,
    /// Who wants to know what is read, until the connection is something else than HTTP.
    tap: Option<HeadTap>,
    /// How long nothing may be taken of what we write, while HTTP is spoken; and when that is over.
    patience: Option<Duration>,
    stalled: Option<Pin<Box<Sleep>>>,
    /// When to stop listening to a connection that we have ended.
    farewell: Option<Pin<Box<Sleep>>>,
}

impl PeerStream {
    pub(super) fn new(tcp: TcpStream, place: Place, tap: HeadTap, patience: Duration) -> Self {
        Self { tcp, _place: place, tap: Some(tap), patience: Some(patience), stalled: None, farewell: None }
    }

    /// From here on no HTTP is spoken.
    pub fn after_http(&mut self) {
        self.tap = None;
        self.patience = None;
        self.stalled = None;
    }

    /// The connection itself.
    pub fn tcp(&self) -> &TcpStream {
        &self.tcp
    }

    /// What became of a write: one that is put off for too long has failed.
    fn poll_written<T>(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        let (Poll::Pending, Some(patience)) = (&written, self.patience) else {
            self.stalled = None;
            return written;
        };
        let end = self.stalled.get_or_insert_with(|| Box::pin(sleep(patience)));
        end.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }

    /// Throws away what comes until the peer ends, too, or the time is over.
    fn poll_discard(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let is_over = self.farewell.as_mut().is_none_or(|end| end.as_mut().poll(cx).is_ready());
        if is_over {
            return Poll::Ready(());
        }
        let mut piece = [0; PIECE];
        loop {
            let mut piece = ReadBuf::new(&mut piece);
            let read = ready!(Pin::new(&mut self.tcp).poll_read(cx, &mut piece));
            if read.is_err() || piece.filled().is_empty() {
                return Poll::Ready(());
            }
        }
    }
}

impl AsyncRead for PeerStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.tcp).poll_read(cx, buf))?;
        if let Some(tap) = &self.tap {
            tap.record(&buf.filled()[before..]);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for PeerStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.tcp).poll_write(cx, buf);
        self.poll_written(cx, written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_flush(cx)
    }

    /// A connection with bytes unread is reset when it is closed, and the reset can overtake our last answer: a client
    /// that is still sending a body we refused would never see why. So we say goodbye first, and listen a little.
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.farewell.is_none() {
            ready!(Pin::new(&mut self.tcp).poll_shutdown(cx))?;
            self.farewell = Some(Box::pin(sleep(FAREWELL)));
        }
        self.poll_discard(cx).map(Ok)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.tcp).poll_write_vectored(cx, bufs);
        self.poll_written(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.tcp.is_write_vectored()
    }
}
