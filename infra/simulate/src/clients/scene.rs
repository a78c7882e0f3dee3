//! All sockets and people of a world, and what they do when a frame reaches them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use super::{Heard, Person, Saying, Socket, SocketState, View};
use crate::checks::{Ledger, posts};
use crate::kernel::{Happening, World};

/// How long a client waits before it asks for what a gap leaves out, in microseconds.
const GAP: i64 = 2_000_000;

/// What people know.
#[derive(Debug, Default)]
pub(crate) struct Clients {
    pub(crate) sockets: BTreeMap<String, Socket>,
    pub(crate) people: Vec<Person>,
    pub(crate) sayings: Vec<Saying>,
    /// By person and room.
    pub(crate) views: BTreeMap<(usize, String), View>,
    /// Which sockets are to hear of what they said, in which room under which number.
    pub(crate) owed: Vec<(String, String, u64)>,
    /// Sockets that the server has ended, of which the gateway has to tell.
    pub(crate) ended: Vec<String>,
}

/// The outside of one world.
#[derive(Debug)]
pub(crate) struct Scene {
    world: Arc<World>,
    pub(crate) ledger: Arc<Ledger>,
    clients: Mutex<Clients>,
}

impl Scene {
    pub(crate) fn new(world: Arc<World>, ledger: Arc<Ledger>) -> Self {
        Self { world, ledger, clients: Mutex::default() }
    }

    pub(crate) fn clients(&self) -> MutexGuard<'_, Clients> {
        self.clients.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn state_of(&self, socket: &str) -> Option<SocketState> {
        self.clients().sockets.get(socket).map(|socket| socket.state)
    }

    /// The server has ended a socket.
    pub(crate) fn ended(&self, id: &str) {
        self.close(id);
        self.clients().ended.push(id.to_owned());
    }

    /// A socket opens: it can be written to.
    pub(crate) fn open(&self, id: &str) {
        let mut clients = self.clients();
        let Some(socket) = clients.sockets.get_mut(id).filter(|socket| socket.state == SocketState::Opening)
        else {
            return;
        };
        socket.state = SocketState::Open;
        socket.used_at = self.world.now();
    }

    /// Closes a socket on both sides.
    pub(crate) fn close(&self, id: &str) {
        let now = self.world.now();
        let mut clients = self.clients();
        let Some(socket) = clients.sockets.get_mut(id) else { return };
        if socket.state == SocketState::Open {
            socket.closed_at = now;
        }
        socket.state = SocketState::Closed;
    }

    /// What ends a socket's greeting may reach it more than once: it waits in the queue.
    pub(crate) fn disturb(&self, id: &str, frame: &str) {
        let is_end = frame.contains(r#""cause":"join""#);
        if let Some(socket) = self.clients().sockets.get_mut(id).filter(|_| is_end) {
            socket.is_greeting_disturbed = true;
        }
    }

    /// A frame reaches a socket.
    pub(crate) fn deliver(&self, id: &str, text: &str) {
        let frame: Value = serde_json::from_str(text).unwrap_or(Value::Null);
        let clients = &mut *self.clients();
        let Some(socket) = clients.sockets.get_mut(id) else { return };
        socket.used_at = self.world.now();
        posts::check(&self.world, &self.ledger, id, socket, &frame);
        let Some(person) = socket.person else { return };
        let room = room_of(&frame).or_else(|| socket.room.clone());
        let gets_all = socket.kind.gets_all();
        note(socket, room.as_deref(), &frame);
        hear(clients, &frame);
        if let Some(room) = room.filter(|_| gets_all) {
            self.view(clients, person, room, &frame);
        }
    }

    fn view(&self, clients: &mut Clients, person: usize, room: String, frame: &Value) {
        let kind = frame["type"].as_str().unwrap_or_default();
        let view = clients.views.entry((person, room.clone())).or_default();
        let number = |name: &str| frame[name].as_u64();
        let has_gap = match (kind, number("id"), number("last_id")) {
            ("RESUME_FAILED", _, Some(last)) if last > view.mark => {
                view.begin_after(last);
                view.has_gap()
            }
            ("CHAT_HISTORY", _, Some(last)) if view.mark == 0 && view.events.is_empty() => {
                view.begin_after(last);
                view.has_gap()
            }
            ("HEARTBEAT", _, Some(last)) => last > view.mark,
            (_, Some(id), _) => view.take(id, frame),
            _ => false,
        };
        if has_gap && !view.is_look_due {
            view.is_look_due = true;
            self.world.schedule(GAP, Happening::GapDue { person, room });
        }
    }
}

/// The folded code of the room that a frame is about.
fn room_of(frame: &Value) -> Option<String> {
    match &frame["room"] {
        Value::String(code) => Some(code.to_lowercase()),
        Value::Number(code) => Some(code.to_string()),
        _ => None,
    }
}

fn note(socket: &mut Socket, room: Option<&str>, frame: &Value) {
    if let (Some(room), Some(id)) = (room, frame["id"].as_u64()) {
        socket.told.entry(room.to_owned()).or_default().push(id);
    }
    let is_sent_away = frame["type"] == "RESUME_FAILED" || frame["type"] == "CHAT_HISTORY";
    if let (true, Some(room), Some(last)) = (is_sent_away, room, frame["last_id"].as_u64()) {
        let to_read = socket.to_read.entry(room.to_owned()).or_default();
        *to_read = last.max(*to_read);
    }
    if frame["type"] == "PLAYBACK_STATE" && frame["cause"] == "join" {
        socket.greetings += 1;
    }
}

/// An author hears of what they said.
fn hear(clients: &mut Clients, frame: &Value) {
    let is_message = frame["type"] == "CHAT_MESSAGE" || frame["type"] == "new_message";
    if is_message && frame["is_self"] == true {
        let number = frame["message"].as_str().and_then(Saying::number);
        let saying = number.and_then(|number| clients.sayings.get_mut(number));
        if let (Some(saying), Some(id)) = (saying, frame["id"].as_u64()) {
            saying.heard = Heard::Acknowledged(id);
        }
    }
    if frame["type"] == "ERROR" && frame["code"] != "UNAVAILABLE" {
        let named = frame["client_msg_id"].as_str();
        let saying = clients
            .sayings
            .iter_mut()
            .rev()
            .find(|said| named.is_some() && said.client_msg_id.as_deref() == named);
        if let Some(saying) = saying.filter(|saying| saying.heard == Heard::Nothing) {
            saying.heard = Heard::Refused;
        }
    }
}
