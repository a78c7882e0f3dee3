//! Sockets: opening, speaking, closing.

use std::collections::BTreeMap;
use std::sync::Arc;

use parlor::inbound::gateway_event::{GatewayEvent, GatewayResponse};
use parlor::inbound::websocket;
use serde_json::{Value, json};

use super::answers::Done;
use super::course::Course;
use super::simulation::{Simulation, Work, shortened};
use crate::clients::{Kind, Saying, Socket, SocketState};
use crate::kernel::{Happening, TaskId};

/// How long it takes at most until a socket is open whose handshake was answered, in microseconds.
const QUICK_HANDSHAKE: i64 = 60_000;
const SLOW_HANDSHAKE: i64 = 10_000_000;

impl Simulation {
    /// Opens a socket of somebody, or of a stranger.
    pub(super) fn open_socket(
        &mut self,
        person: Option<usize>,
        kind: Kind,
        room: Option<&str>,
        since: Option<u64>,
    ) {
        self.sockets_opened += 1;
        let name = match kind {
            Kind::Feed => "feed",
            Kind::Inbox => "inbox",
            Kind::Chat { .. } => "chat",
            Kind::Conversation => "conv",
            Kind::Watch => "watch",
        };
        let id = format!("s{}{name}=", self.sockets_opened);
        let known = person.and_then(|person| self.person(person));
        let token =
            known.as_ref().and_then(|known| known.tokens.as_ref()).map(|tokens| tokens.access.clone());
        let handshake = self.handshake(&id, kind, room, since, token.as_deref());
        let socket = Socket {
            person,
            user: known.filter(|_| token.is_some()).and_then(|known| known.user),
            kind,
            room: room.map(str::to_lowercase),
            state: SocketState::Opening,
            context: BTreeMap::new(),
            connected_at: self.world.now() / 1000,
            used_at: 0,
            closed_at: 0,
            told: BTreeMap::new(),
            to_read: BTreeMap::new(),
            greetings: 0,
            is_greeting_disturbed: false,
        };
        self.scene.clients().sockets.insert(id.clone(), socket);
        let label = format!("handshake of {id} for person {person:?} in {room:?} since {since:?}");
        let (task, worker) = self.begin(Work::Connect(id), label, false);
        let outcomes = self.outcomes();
        self.executor.begin(task, async move {
            let context = websocket::authorize(&worker.app, &handshake).await.context;
            let mut connect = handshake;
            connect.request_context.authorizer =
                Some(Arc::new(context.iter().map(|(name, value)| (name.clone(), json!(value))).collect()));
            let answer = websocket::connect(&worker.app, &connect).await;
            outcomes.put(task, Done::Connected { context, answer });
        });
    }

    fn handshake(
        &self,
        id: &str,
        kind: Kind,
        room: Option<&str>,
        since: Option<u64>,
        token: Option<&str>,
    ) -> GatewayEvent {
        let room = room.unwrap_or_default();
        let path = match kind {
            Kind::Feed => "/".to_owned(),
            Kind::Inbox => "/ws/chat/".to_owned(),
            Kind::Chat { .. } => format!("/ws/chat/{room}/"),
            Kind::Conversation => format!("/ws/conversations/{room}/"),
            Kind::Watch => format!("/ws/room/{room}/"),
        };
        let mut event = self.event(id, None);
        let query = &mut event.query_string_parameters;
        query.insert("path".to_owned(), path);
        if let Some(token) = token {
            query.insert("token".to_owned(), token.to_owned());
        }
        if let Some(since) = since {
            query.insert("since".to_owned(), since.to_string());
        }
        if kind == (Kind::Chat { all: true }) {
            query.insert("events".to_owned(), "all".to_owned());
        }
        event
    }

    /// An event of the gateway about a socket.
    fn event(&self, id: &str, body: Option<String>) -> GatewayEvent {
        let mut event = GatewayEvent { body, ..GatewayEvent::default() };
        let context = &mut event.request_context;
        context.connection_id = id.into();
        context.request_time_epoch = self.world.now() / 1000;
        context.connected_at = self.world.now() / 1000;
        if let Some(socket) = self.scene.clients().sockets.get(id) {
            context.connected_at = socket.connected_at;
            let texts = socket.context.iter().map(|(name, value)| (name.clone(), json!(value)));
            context.authorizer = Some(Arc::new(texts.collect()));
        }
        event
    }

    pub(super) fn handshake_answered(
        &mut self,
        id: &str,
        context: BTreeMap<String, String>,
        answer: &GatewayResponse,
    ) {
        if let Some(socket) = self.scene.clients().sockets.get_mut(id) {
            socket.context = context;
            if !socket.context.contains_key("user") {
                socket.user = None;
            }
        }
        if answer.status_code != 200 {
            return self.scene.close(id);
        }
        let mut chance = crate::kernel::Chance::of(self.world.seed(), self.world.now().unsigned_abs());
        let is_slow = self.plan.course == Course::SlowToOpen;
        let longest = if is_slow { SLOW_HANDSHAKE } else { QUICK_HANDSHAKE };
        self.world.schedule(chance.between(500, longest), Happening::Opened(id.to_owned()));
    }

    /// A client says something on a socket.
    pub(super) fn send(&mut self, id: &str, text: &Value) {
        self.send_after(id, text, 0);
    }

    /// The same so many milliseconds after something else that is dealt with at this moment.
    pub(super) fn send_after(&mut self, id: &str, text: &Value, millis: i64) {
        if self.scene.state_of(id) != Some(SocketState::Open) {
            return;
        }
        let said = text["message"].as_str().map(str::to_owned);
        let text = text.to_string();
        let mut event = self.event(id, Some(text.clone()));
        event.request_context.request_time_epoch += millis;
        let label = format!("message on {id}: {}", shortened(&text));
        let saying = said.as_deref().and_then(Saying::number);
        let (task, worker) = self.begin(Work::Message { socket: id.to_owned(), saying }, label, false);
        let outcomes = self.outcomes();
        self.executor.begin(task, async move {
            let answer = websocket::message(&worker.app, &event).await;
            outcomes.put(task, Done::Gateway(answer));
        });
    }

    /// What was said by a socket and stored comes back to that socket.
    pub(super) fn owe_echo(&self, task: TaskId, socket: String, saying: usize) {
        let mut clients = self.scene.clients();
        let books = self.scene.ledger.books();
        let stored = clients.sayings.get(saying).and_then(|saying| books.said.get(&saying.text));
        let Some((room, id)) = stored else { return };
        let entry = books.rooms.get(room).and_then(|room| room.log.get(id));
        if entry.is_some_and(|entry| entry.task == Some(task)) {
            clients.owed.push((socket, room.clone(), *id));
        }
    }

    /// A client closes a socket, or loses it.
    pub(super) fn close_socket(&mut self, id: &str) {
        self.scene.close(id);
        self.world.note(format_args!("{id} closes"));
        self.expect_disconnect(id);
    }

    pub(super) fn tell_of_ended_sockets(&mut self) {
        let ended = std::mem::take(&mut self.scene.clients().ended);
        for id in ended {
            self.expect_disconnect(&id);
        }
    }

    /// The gateway tells that a socket has closed: mostly at once, sometimes late, twice or never.
    fn expect_disconnect(&mut self, id: &str) {
        let is_unreliable = self.world.faults().disconnect > 0;
        let mut chance = crate::kernel::Chance::of(self.world.seed(), self.world.now().unsigned_abs());
        let tell = |after| self.world.schedule(after, Happening::Disconnected(id.to_owned()));
        match chance.below(16) {
            0 if is_unreliable => self.world.note(format_args!("nobody is told that {id} has closed")),
            1 if is_unreliable => tell(chance.between(5_000_000, 90_000_000)),
            2 if is_unreliable => {
                tell(chance.between(1_000, 20_000));
                tell(chance.between(1_000, 20_000_000));
            }
            _ => tell(chance.between(1_000, 60_000)),
        }
    }

    pub(super) fn tell_disconnected(&mut self, id: &str) {
        let event = self.event(id, None);
        let (task, worker) = self.begin(Work::Disconnect, format!("$disconnect of {id}"), false);
        let outcomes = self.outcomes();
        self.executor.begin(task, async move {
            let answer = websocket::disconnect(&worker.app, &event).await;
            outcomes.put(task, Done::Gateway(answer));
        });
    }

    pub(super) fn open_sockets(&self) -> Vec<String> {
        let clients = self.scene.clients();
        let open = clients.sockets.iter().filter(|(_, socket)| socket.state == SocketState::Open);
        open.map(|(id, _)| id.clone()).collect()
    }

    /// The open sockets of somebody that serve that.
    pub(super) fn sockets_of(&self, person: usize, is_right: impl Fn(&Socket) -> bool) -> Vec<String> {
        let clients = self.scene.clients();
        let own = clients.sockets.iter().filter(|(_, socket)| {
            socket.person == Some(person) && socket.state == SocketState::Open && is_right(socket)
        });
        own.map(|(id, _)| id.clone()).collect()
    }
}
