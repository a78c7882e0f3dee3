//! What clients do on their own: they ask for what they miss, and say again what has not come back.

use serde_json::{Value, json};

use super::answers::Purpose;
use super::simulation::Simulation;
use crate::clients::{Heard, SocketState};
use crate::kernel::Happening;

/// How long somebody waits for what they said to come back, in microseconds.
pub(super) const ECHO: i64 = 10_000_000;
/// How often something is said again.
const TRIES: u32 = 4;
/// How many pages of events somebody reads at most.
const PAGES: usize = 40;

impl Simulation {
    /// No echo and no error: it is said again, under the same name.
    pub(super) fn look_for_echo(&mut self, number: usize) {
        let mut clients = self.scene.clients();
        let Some(place) = clients.sayings.get(number).map(|saying| saying.person) else { return };
        let user = clients.people.get(place).and_then(|person| person.user);
        let Some(saying) = clients.sayings.get_mut(number).filter(|saying| saying.user == user) else {
            return;
        };
        if saying.heard != Heard::Nothing || saying.client_msg_id.is_none() || saying.tries >= TRIES {
            return;
        }
        saying.tries += 1;
        let saying = saying.clone();
        drop(clients);
        let path = format!("/api/rooms/{}/messages/", saying.room);
        let body = json!({ "message": saying.text, "client_msg_id": saying.client_msg_id });
        self.request(Some(saying.person), ("POST", &path), Some(body), Purpose::Say { saying: number });
        self.world.schedule(ECHO, Happening::EchoDue(number));
    }

    /// A gap that is still there is asked for.
    pub(super) fn look_at_gap(&mut self, person: usize, room: String) {
        let mut clients = self.scene.clients();
        let Some(view) = clients.views.get_mut(&(person, room.clone())) else { return };
        view.is_look_due = false;
        let mark = view.mark;
        drop(clients);
        let path = format!("/api/rooms/{room}/events/?after={mark}");
        self.request(Some(person), ("GET", &path), None, Purpose::CatchUp { person, room });
    }

    /// Takes a page of events; tells whether there was anything in it.
    pub(super) fn take_events(&self, person: usize, room: &str, page: &Value) -> bool {
        let mut clients = self.scene.clients();
        let view = clients.views.entry((person, room.to_owned())).or_default();
        let events = page.as_array().map(Vec::as_slice).unwrap_or_default();
        let numbers: Vec<u64> = events.iter().filter_map(|event| event["id"].as_u64()).collect();
        if numbers.windows(2).any(|pair| pair[1] != pair[0] + 1) {
            self.world.violated("pages have no gaps", format_args!("{room}: {numbers:?}"));
        }
        // What was kept no longer is passed over.
        if let Some(first) = numbers.first().filter(|first| **first > view.mark + 1) {
            view.begin_after(first - 1);
        }
        for event in events {
            if let Some(id) = event["id"].as_u64() {
                view.take(id, event);
            }
        }
        !numbers.is_empty()
    }

    /// Everybody who follows a room asks for all that they miss.
    pub(super) fn catch_up_all(&mut self) {
        let views: Vec<_> = self.scene.clients().views.keys().cloned().collect();
        for (person, room) in views {
            let mut is_complete = false;
            for _ in 0..PAGES {
                let mark =
                    self.scene.clients().views.get(&(person, room.clone())).map_or(0, |view| view.mark);
                let (status, page) = self.ask(person, &format!("/api/rooms/{room}/events/?after={mark}"));
                if status != 200 {
                    break;
                }
                if !self.take_events(person, &room, &page) {
                    is_complete = true;
                    break;
                }
            }
            if let Some(view) = self.scene.clients().views.get_mut(&(person, room)) {
                view.is_complete = is_complete;
            }
        }
    }

    /// Somebody who lost a socket opens another one, from where they were.
    pub(super) fn come_back(&mut self, person: usize) {
        let clients = self.scene.clients();
        let last = clients.sockets.values().rev().find(|socket| {
            socket.person == Some(person) && socket.state == SocketState::Closed && socket.room.is_some()
        });
        let Some(socket) = last.cloned() else { return };
        let key = (person, socket.room.clone().unwrap_or_default());
        let since = clients.views.get(&key).filter(|view| view.mark > 0).map(|view| view.mark);
        drop(clients);
        self.open_socket(Some(person), socket.kind, socket.room.as_deref(), since);
    }
}
