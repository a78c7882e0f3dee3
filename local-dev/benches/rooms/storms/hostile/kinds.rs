//! What each of the hostile clients does to one connection after another.

use std::io;
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::time::{interval, sleep};

use super::Victim;
use super::raw_socket::closed;
use crate::crowd::frame;
use crate::server::chat_path;

/// So many answers, a kilobyte each, fill the kernel's buffers and the socket's outbox in some seconds.
const PINGS_AT_ONCE: usize = 200;
const PINGS_EVERY: Duration = Duration::from_millis(200);
/// What a slow client gets done counts after so many bytes, one a second.
const SLOW_BYTES: usize = 5;
/// A dead one is given up after that, as a network does it at last.
const DEAD_FOR: Duration = Duration::from_secs(8);
/// More refusals than a socket may have.
const NONSENSE: usize = 60;
/// More than a frame may have.
const OVERSIZED: u64 = 64 * 1024;

/// A way to be a nuisance.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// Hears a room and never reads what is said there.
    NeverReads,
    /// Asks for a lot and never reads an answer, until it is closed as too slow.
    Overflows,
    /// Asks for a socket, one byte a second.
    SlowRequest,
    /// Says something on a socket, one byte a second.
    SlowFrame,
    /// Asks for a socket by half a request.
    HalfOpen,
    /// Opens a socket in a room and goes again.
    Joins,
    /// Asks for a socket in a room where it may not be.
    RefusedJoins,
    /// Sends a frame that is larger than any may be.
    Oversized,
    /// Says what is refused, and doesn't wait for answers.
    Nonsense,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::NeverReads => "never reading",
            Self::Overflows => "asking without reading",
            Self::SlowRequest => "a request, a byte a second",
            Self::SlowFrame => "a frame, a byte a second",
            Self::HalfOpen => "half a handshake",
            Self::Joins => "joins",
            Self::RefusedJoins => "refused joins",
            Self::Oversized => "oversized frames",
            Self::Nonsense => "nonsense",
        }
    }

    /// The pause before it does so again.
    pub(super) fn pause(self) -> Duration {
        match self {
            Self::Overflows => Duration::from_secs(5),
            Self::Joins | Self::RefusedJoins => Duration::from_millis(200),
            Self::NeverReads | Self::SlowRequest | Self::SlowFrame | Self::HalfOpen => Duration::ZERO,
            Self::Oversized | Self::Nonsense => Duration::from_millis(500),
        }
    }

    /// Does it once.
    pub(super) async fn act(self, victim: &Victim, number: usize) -> io::Result<()> {
        let (member, stranger) = (victim.path(&victim.member, number), victim.path(&victim.stranger, number));
        let address = &victim.address;
        match self {
            Self::NeverReads => leave_alone(address.open(&member).await?, b"").await,
            Self::Overflows => overflow(address.open(&member).await?).await,
            Self::SlowRequest => dribble(address.connect().await?, address.request(&member).as_bytes()).await,
            Self::SlowFrame => dribble(address.open(&member).await?, &frame(&"x".repeat(200))).await,
            Self::HalfOpen => {
                leave_alone(address.connect().await?, b"GET /ws/chat/room-0/ HTTP/1.1\r\nHo").await
            }
            Self::Joins => address.open(&member).await.map(drop),
            Self::RefusedJoins => closed(&mut address.open(&stranger).await?).await,
            Self::Oversized => send_too_much(address.open(&member).await?).await,
            Self::Nonsense => talk_nonsense(address.open(&member).await?).await,
        }
    }
}

impl Victim {
    /// The path of a socket in one of its rooms.
    fn path(&self, token: &str, number: usize) -> String {
        chat_path(number % self.rooms, token)
    }
}

/// Says that, and nothing more.
async fn leave_alone(mut stream: TcpStream, said: &[u8]) -> io::Result<()> {
    stream.write_all(said).await?;
    sleep(DEAD_FOR).await;
    Ok(())
}

/// Once it is closed, nothing more can be written.
async fn overflow(mut stream: TcpStream) -> io::Result<()> {
    let ping = frame(&format!(r#"{{"type":"ping","timestamp":"{}"}}"#, "x".repeat(1000)));
    let (pings, mut pace) = (ping.repeat(PINGS_AT_ONCE), interval(PINGS_EVERY));
    while stream.write_all(&pings).await.is_ok() {
        pace.tick().await;
    }
    Ok(())
}

async fn dribble(mut stream: TcpStream, bytes: &[u8]) -> io::Result<()> {
    let mut once_a_second = interval(Duration::from_secs(1));
    for byte in bytes.iter().take(SLOW_BYTES) {
        once_a_second.tick().await;
        stream.write_u8(*byte).await?;
    }
    Ok(())
}

async fn send_too_much(mut stream: TcpStream) -> io::Result<()> {
    let head = [&[0x81, 0x80 | 127][..], &OVERSIZED.to_be_bytes(), &[0; 4]].concat();
    stream.write_all(&head).await?;
    // It may be closed before all of it is written.
    let _ = stream.write_all(&vec![b'x'; OVERSIZED as usize]).await;
    closed(&mut stream).await
}

async fn talk_nonsense(mut stream: TcpStream) -> io::Result<()> {
    let refused = frame(r#"{"type":"CHAT_MESSAGE","message":""}"#);
    stream.write_all(&refused.repeat(NONSENSE)).await?;
    closed(&mut stream).await
}
