//! What is to be sent to one socket.

mod batch;
mod state;

use std::borrow::Cow;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use self::batch::Batch;
use self::state::{Stage, State};
use crate::embedded::flusher::Flusher;
use crate::embedded::{Wire, WireFrame};
use crate::ids::ConnectionId;
use crate::protocol::Timestamp;

/// How much an outbox holds before its socket counts as too slow.
#[derive(Debug, Clone, Copy)]
pub struct OutboxLimits {
    /// The most bytes.
    pub bytes: usize,
    /// The most frames.
    pub frames: usize,
    /// How long a socket that is told to close may take for it.
    pub close_grace: Duration,
}

impl Default for OutboxLimits {
    fn default() -> Self {
        Self { bytes: 1 << 20, frames: 1024, close_grace: Duration::from_secs(3) }
    }
}

/// What became of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pushed {
    /// It is on its way.
    Queued,
    /// The socket's handshake has not been answered yet.
    NotYetOpen,
    /// There is no room for it.
    Full,
    /// The socket is about to close, and takes nothing more.
    Closing,
    /// The socket is gone.
    Closed,
}

/// How the server ended a socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// The close code.
    pub code: u16,
    /// The close reason.
    pub reason: Cow<'static, str>,
}

/// A bounded queue of frames for one socket. Pushing never waits: an idle outbox hands itself to the flusher, a busy
/// one just grows, and one that is full closes its socket as [`Close::TooSlow`](crate::protocol::Close::TooSlow).
#[derive(Debug)]
pub struct Outbox {
    id: ConnectionId,
    flusher: Arc<Flusher>,
    state: Mutex<State>,
}

impl Outbox {
    pub(in crate::embedded) fn new(id: ConnectionId, now: Timestamp, flusher: Arc<Flusher>) -> Arc<Self> {
        Arc::new(Self { id, flusher, state: Mutex::new(State::new(now)) })
    }

    /// The socket's name.
    pub fn id(&self) -> &ConnectionId {
        &self.id
    }

    /// Begins to take frames: the handshake has been answered.
    pub fn open(&self) {
        let mut state = self.lock();
        if state.stage == Stage::Pending {
            state.stage = Stage::Open;
        }
    }

    /// Begins to write: what was pushed since [`open`](Self::open), and all that follows.
    pub fn attach(self: &Arc<Self>, wire: Arc<dyn Wire>) {
        let mut state = self.lock();
        if state.stage == Stage::Closed {
            drop(state);
            return wire.abort();
        }
        state.wire = Some(wire);
        let claimed = state.claim();
        drop(state);
        self.flush_if(claimed);
    }

    /// Adds a frame; if there is no room for it, the socket is closed as too slow.
    pub fn push(self: &Arc<Self>, frame: WireFrame, now: Timestamp) -> Pushed {
        let (pushed, claimed) = self.enqueue(frame, now);
        self.flush_if(claimed);
        pushed
    }

    /// Adds a frame if there is room for it.
    pub fn offer(self: &Arc<Self>, frame: WireFrame, now: Timestamp) -> Pushed {
        let mut state = self.lock();
        let pushed = state.push(frame, now, &self.flusher.limits);
        let claimed = pushed == Pushed::Queued && state.claim();
        drop(state);
        self.flush_if(claimed);
        pushed
    }

    /// Adds a frame as [`push`](Self::push) does; if the second answer is yes, the caller hands the outbox to the
    /// flusher.
    pub(in crate::embedded) fn enqueue(self: &Arc<Self>, frame: WireFrame, now: Timestamp) -> (Pushed, bool) {
        let mut state = self.lock();
        let pushed = state.push(frame, now, &self.flusher.limits);
        match pushed {
            Pushed::Queued => (pushed, state.claim()),
            Pushed::Full => {
                state.overflow();
                let claimed = state.claim();
                drop(state);
                let total = self.flusher.count_overflow();
                tracing::warn!(connection = %self.id, total, "closed as too slow: its outbox overflowed");
                self.abort_after_grace();
                (pushed, claimed)
            }
            _ => (pushed, false),
        }
    }

    /// Keeps what is pushed from now on from being written, until the answer is dropped: then it is written there and then, without
    /// the flusher. For the short time in which a message is handled that may be answered at once.
    pub fn hold(self: &Arc<Self>) -> Held {
        let mut state = self.lock();
        let is_ours = !state.claimed && state.wire.is_some();
        state.claimed |= is_ours;
        Held(is_ours.then(|| Arc::clone(self)))
    }

    /// Ends an open socket once what is queued has been written: a last message, if any, then the close. Answers
    /// whether this is what ends it.
    pub fn close(self: &Arc<Self>, ending: Ending, last: Option<&WireFrame>) -> bool {
        let close = WireFrame::close(ending.code, &ending.reason);
        self.end(ending, last.into_iter().chain([&close]))
    }

    /// Ends an open socket as [`close`](Self::close) does, but keeps the reason to ourselves.
    pub fn close_silently(self: &Arc<Self>, ending: Ending) -> bool {
        let close = WireFrame::close(ending.code, "");
        self.end(ending, [&close])
    }

    /// Ends an open socket as its client did: `frame` answers the client's close.
    pub fn answer_close(self: &Arc<Self>, ending: Ending, frame: &WireFrame) -> bool {
        self.lock().peer_closed = true;
        self.end(ending, [frame])
    }

    /// How the server, or the client's close, ended this socket, if it did.
    pub fn ending(&self) -> Option<Ending> {
        self.lock().ending.clone()
    }

    /// Whether the handshake is still to be answered.
    pub fn is_pending(&self) -> bool {
        self.lock().stage == Stage::Pending
    }

    /// When something was last sent or received.
    pub fn last_active(&self) -> Timestamp {
        self.lock().last_active
    }

    /// Notes that something was received.
    pub fn touch(&self, now: Timestamp) {
        let mut state = self.lock();
        state.last_active = state.last_active.max(now);
    }

    /// Ends the socket at once, whatever is queued.
    pub fn abort(&self) {
        if let Some(wire) = self.shut() {
            wire.abort();
        }
    }

    /// Notes that the socket is gone, and lets go of it.
    pub fn shut(&self) -> Option<Arc<dyn Wire>> {
        self.lock().shut()
    }

    pub(in crate::embedded) fn wire(&self) -> Option<Arc<dyn Wire>> {
        self.lock().wire.clone()
    }

    /// Writes what is queued, as far as the socket takes it. Only for who has the claim.
    pub(in crate::embedded) fn flush(self: &Arc<Self>) {
        let Some((wire, mut batch)) = self.take_batch() else {
            return;
        };
        let before = (batch.frames(), batch.bytes());
        let outcome = batch.write_to(&*wire);
        let written = (before.0 - batch.frames(), before.1 - batch.bytes());
        match outcome {
            Ok(()) => self.settle(batch, written, &*wire),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                self.put_back(batch, written);
                self.flusher.flush_when_writable(Arc::clone(self));
            }
            Err(_) => self.abort(),
        }
    }

    /// The wire and all that is to be written now; none if there is nothing, or the socket is gone.
    fn take_batch(&self) -> Option<(Arc<dyn Wire>, Batch)> {
        let mut state = self.lock();
        let wire = state.wire.clone().filter(|_| !state.batch.is_empty());
        let Some(wire) = wire else {
            state.claimed = false;
            return None;
        };
        Some((wire, std::mem::take(&mut state.batch)))
    }

    /// After all was written: rest, or take another turn for what came meanwhile.
    fn settle(self: &Arc<Self>, mut emptied: Batch, written: (usize, usize), wire: &dyn Wire) {
        let mut state = self.lock();
        state.discount(written);
        if !state.batch.is_empty() {
            drop(state);
            return self.flush_if(true);
        }
        state.claimed = false;
        let done = state.stage == Stage::Closing;
        let peer_closed = state.peer_closed;
        if state.stage == Stage::Open {
            emptied.shrink();
            state.batch = emptied;
        }
        drop(state);
        match (done, peer_closed) {
            (true, true) => wire.abort(),
            (true, false) => wire.finish(),
            (false, _) => {}
        }
    }

    /// Puts what the socket did not take back in front of what came meanwhile. The claim is kept.
    fn put_back(&self, mut rest: Batch, written: (usize, usize)) {
        let mut state = self.lock();
        if state.stage == Stage::Closed {
            return;
        }
        state.discount(written);
        if state.overflowed {
            rest.keep_only_what_has_begun();
        }
        rest.append(std::mem::take(&mut state.batch));
        state.batch = rest;
    }

    fn end<'a>(self: &Arc<Self>, ending: Ending, frames: impl IntoIterator<Item = &'a WireFrame>) -> bool {
        let mut state = self.lock();
        if state.stage != Stage::Open {
            return false;
        }
        state.stage = Stage::Closing;
        state.ending = Some(ending);
        for frame in frames {
            state.append(frame.clone());
        }
        let claimed = state.claim();
        drop(state);
        self.abort_after_grace();
        self.flush_if(claimed);
        true
    }

    fn flush_if(self: &Arc<Self>, claimed: bool) {
        if claimed {
            self.flusher.add([Arc::clone(self)]);
        }
    }

    fn abort_after_grace(self: &Arc<Self>) {
        self.flusher.abort_after(self.flusher.limits.close_grace, Arc::clone(self));
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to write to a socket, if it could be had, which is made use of when this is dropped.
#[must_use = "what is held is written when this is dropped"]
#[derive(Debug)]
pub struct Held(Option<Arc<Outbox>>);

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(outbox) = self.0.take() {
            outbox.flush();
        }
    }
}
