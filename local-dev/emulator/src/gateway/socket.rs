//! One open socket.

use std::borrow::Cow;
use std::io;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::FutureExt as _;
use parlor::embedded::{Ending, FrameDecoder, Incoming, Outbox, Violation, WireFrame};
use parlor::ids::ConnectionId;
use parlor::protocol::Timestamp;
use tokio::sync::Semaphore;

use super::events::Origin;
use super::functions::{DEFAULT_ROUTE, FunctionError};
use super::log;
use super::tcp_wire::TcpWire;
use super::{Disconnects, Gateway};

/// How a socket ended if nobody said so.
const NO_STATUS: u16 = 1005;
const ABNORMAL: u16 = 1006;
const NORMAL: u16 = 1000;

/// An open socket: what its events need, and its outbox.
#[derive(Debug)]
pub(super) struct Socket {
    pub(super) origin: Origin,
    pub(super) outbox: Arc<Outbox>,
    /// One permit for each message that may still be handled at the same time.
    turns: Semaphore,
}

/// What one read brought.
#[derive(Debug, Default)]
struct Received {
    incoming: Vec<Incoming>,
    violation: Option<Violation>,
    ended: bool,
}

/// Gives a turn back, whatever became of the message.
struct Turn(Arc<Socket>);

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.turns.add_permits(1);
    }
}

impl Socket {
    pub(super) fn new(origin: Origin, outbox: Arc<Outbox>, messages_at_a_time: usize) -> Self {
        Self { origin, outbox, turns: Semaphore::new(messages_at_a_time) }
    }
}

impl Gateway {
    /// Reads an open socket to its end. `early` came along with the handshake.
    ///
    /// This future lives as long as the socket does: it holds no buffer, and nothing large.
    pub(super) async fn run_socket(self: Arc<Self>, socket: Arc<Socket>, wire: Arc<TcpWire>, early: Bytes) {
        let mut decoder = FrameDecoder::new(self.config.max_frame_bytes, self.config.max_message_bytes);
        let mut received = decode(&mut decoder, &early);
        // It may be a part of a large buffer.
        drop(early);
        loop {
            let ended = received.ended;
            self.take(&socket, received).await;
            if ended || wire.readable().await.is_err() {
                break;
            }
            received = read(&wire, &mut decoder, socket.outbox.ending().is_some());
        }
        self.end_socket(&socket);
    }

    async fn take(self: &Arc<Self>, socket: &Arc<Socket>, received: Received) {
        for incoming in received.incoming {
            match incoming {
                Incoming::Text(text) => self.take_message(socket, text).await,
                Incoming::Ping(payload) => {
                    // A pong is no message: it doesn't keep a socket from being idle.
                    let idle_since = socket.outbox.last_active();
                    socket.outbox.push(WireFrame::pong(&payload), idle_since);
                }
                Incoming::Pong => {}
                Incoming::Close(status) => answer_close(socket, status),
            }
        }
        if let Some(Violation { code, reason }) = received.violation {
            socket.outbox.close(Ending { code, reason: Cow::Borrowed(reason) }, None);
        }
    }

    /// Waits for a turn, and so keeps the socket from being read, but not for the function.
    async fn take_message(self: &Arc<Self>, socket: &Arc<Socket>, text: String) {
        let now = self.clock.now();
        socket.outbox.touch(now);
        if let Ok(permit) = socket.turns.acquire().await {
            permit.forget();
            let turn = Turn(Arc::clone(socket));
            let mut handling = Box::pin(Arc::clone(self).handle_message(turn, text, now));
            // What waits for nothing, like a ping, needs no task, and neither does what it is answered.
            let held = socket.outbox.hold();
            let is_waiting = handling.as_mut().now_or_never().is_none();
            drop(held);
            if is_waiting {
                self.tasks.spawn(handling);
            }
        }
    }

    async fn handle_message(self: Arc<Self>, turn: Turn, text: String, now: Timestamp) {
        let socket = &turn.0;
        let route = self.functions.route(&text);
        let key = route.unwrap_or(DEFAULT_ROUTE);
        let event = socket.origin.message_event(&self.config, (key, text), now);
        let request_id = event.request_context.request_id.clone();
        let answer = match route {
            Some(_) => {
                let functions = Arc::clone(&self.functions);
                self.invoke(async move { functions.message(event).await }).await
            }
            None => Err(FunctionError::NoRoute),
        };
        let text = match answer {
            Ok(response) => response.body,
            Err(error) => {
                log::failure(key, &error);
                Some(error_frame(&error, &socket.origin.id, &request_id))
            }
        };
        if let Some(text) = text {
            socket.outbox.push(WireFrame::text(&text), self.clock.now());
        }
    }

    /// Forgets a socket that has ended, and says so to its function.
    fn end_socket(self: &Arc<Self>, socket: &Arc<Socket>) {
        let ending = socket.outbox.ending();
        let status = ending.map_or((ABNORMAL, String::new()), |end| (end.code, end.reason.into_owned()));
        self.sockets().remove(&socket.origin.id);
        self.registry.remove(&socket.origin.id);
        log::closed(&socket.origin, &status, self.clock.now());
        self.tasks.spawn(Arc::clone(self).disconnect(Arc::clone(socket), status));
    }

    /// Hands `$disconnect` to its function.
    pub(super) async fn disconnect(self: Arc<Self>, socket: Arc<Socket>, status: (u16, String)) {
        match self.config.disconnects {
            Disconnects::Deliver => {}
            Disconnects::Delay(delay) => self.clock.sleep_until(self.clock.now().plus(delay)).await,
            Disconnects::Drop => return,
        }
        let event = socket.origin.disconnect_event(&self.config, status, self.clock.now());
        let functions = Arc::clone(&self.functions);
        if let Err(error) = self.invoke(async move { functions.disconnect(event).await }).await {
            log::failure("$disconnect", &error);
        }
    }
}

/// What the client reads when its message was not handled.
fn error_frame(error: &FunctionError, connection: &ConnectionId, request_id: &str) -> String {
    let message = match error {
        FunctionError::NoRoute => "Forbidden",
        _ => "Internal server error",
    };
    format!(r#"{{"message": "{message}", "connectionId":"{connection}", "requestId":"{request_id}"}}"#)
}

/// Closing is agreed on: the client's code goes back to it.
fn answer_close(socket: &Arc<Socket>, status: Option<(u16, String)>) {
    let (answer, code, reason) = match status {
        Some((code, reason)) => (WireFrame::close(code, &reason), code, reason),
        None => {
            let reason = "Client-side close frame status not set".to_owned();
            (WireFrame::close_without_code(), NO_STATUS, reason)
        }
    };
    let reason = match code {
        NORMAL if reason.is_empty() => Cow::Borrowed("Connection Closed Normally"),
        _ => Cow::Owned(reason),
    };
    socket.outbox.answer_close(Ending { code, reason }, &answer);
}

/// What there is to read. Once the socket is closing, only its end counts.
fn read(wire: &TcpWire, decoder: &mut FrameDecoder, closing: bool) -> Received {
    let received = wire.try_read(|bytes| match bytes {
        [] => ended(),
        _ if closing => Received::default(),
        bytes => decode(decoder, bytes),
    });
    match received {
        Ok(received) => received,
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Received::default(),
        Err(_) => ended(),
    }
}

fn ended() -> Received {
    Received { ended: true, ..Received::default() }
}

fn decode(decoder: &mut FrameDecoder, bytes: &[u8]) -> Received {
    let mut received = Received::default();
    received.violation = decoder.feed(bytes, &mut received.incoming).err();
    received
}
