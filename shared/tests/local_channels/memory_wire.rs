//! A socket in memory, which takes as much as the test lets it.

use std::io::{self, IoSlice};
use std::sync::{Mutex, MutexGuard};

use async_trait::async_trait;
use parlor::embedded::Wire;
use parlor::testing::channel_contract::Received;
use tokio::sync::Notify;

#[derive(Debug, Default)]
pub(crate) struct MemoryWire {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    /// How many more bytes it takes; none: any number.
    room: Option<usize>,
    written: Vec<u8>,
    writes: usize,
    finished: bool,
    aborted: bool,
}

impl MemoryWire {
    /// A wire that takes so many bytes and then blocks.
    pub(crate) fn with_room(room: usize) -> Self {
        let wire = Self::default();
        wire.state().room = Some(room);
        wire
    }

    /// Takes any number of bytes from now on.
    pub(crate) fn unblock(&self) {
        self.state().room = None;
        self.changed.notify_waiters();
    }

    pub(crate) fn break_off(&self) {
        self.state().aborted = true;
        self.changed.notify_waiters();
    }

    pub(crate) fn writes(&self) -> usize {
        self.state().writes
    }

    /// The next message, taken off the wire.
    pub(crate) async fn receive(&self) -> Received {
        loop {
            let mut changed = std::pin::pin!(self.changed.notified());
            changed.as_mut().enable();
            if let Some(received) = self.state().take_frame() {
                return received;
            }
            changed.await;
        }
    }

    /// Returns when the server has finished its side, or dropped the connection.
    pub(crate) async fn ended(&self) {
        loop {
            let mut changed = std::pin::pin!(self.changed.notified());
            changed.as_mut().enable();
            if self.is_ended() {
                return;
            }
            changed.await;
        }
    }

    pub(crate) fn is_ended(&self) -> bool {
        let state = self.state();
        state.finished || state.aborted
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

impl State {
    /// Decodes server frames: final, not masked.
    fn take_frame(&mut self) -> Option<Received> {
        let (size, head) = match *self.written.get(1)? {
            126 => (usize::from(u16::from_be_bytes(*self.written.get(2..)?.first_chunk()?)), 4),
            127 => panic!("larger than any frame"),
            short => (usize::from(short), 2),
        };
        if self.written.len() < head + size {
            return None;
        }
        let frame: Vec<u8> = self.written.drain(..head + size).collect();
        let payload = &frame[head..];
        Some(match frame[0] {
            0x81 => Received::Text(String::from_utf8(payload.to_vec()).unwrap()),
            0x88 => Received::Closed(payload.first_chunk().map(|code| u16::from_be_bytes(*code))),
            other => panic!("frames of kind {other:x} are not sent here"),
        })
    }
}

#[async_trait]
impl Wire for MemoryWire {
    fn try_write(&self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        let mut state = self.state();
        if state.aborted || state.finished {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        let all: Vec<u8> = slices.iter().flat_map(|slice| slice.iter().copied()).collect();
        let taken = all.len().min(state.room.unwrap_or(usize::MAX));
        if taken == 0 {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        state.written.extend_from_slice(&all[..taken]);
        state.writes += 1;
        state.room = state.room.map(|room| room - taken);
        self.changed.notify_waiters();
        Ok(taken)
    }

    async fn writable(&self) -> io::Result<()> {
        loop {
            let mut changed = std::pin::pin!(self.changed.notified());
            changed.as_mut().enable();
            if self.is_ended() || self.state().room != Some(0) {
                return Ok(());
            }
            changed.await;
        }
    }

    fn finish(&self) {
        self.state().finished = true;
        self.changed.notify_waiters();
    }

    fn abort(&self) {
        self.break_off();
    }
}
