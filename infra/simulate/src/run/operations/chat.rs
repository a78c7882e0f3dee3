//! Talking in rooms.

use serde_json::{Value, json};

use super::Operation;
use crate::clients::{Heard, Kind, Saying};
use crate::kernel::{Chance, Happening};
use crate::run::answers::Purpose;
use crate::run::catching_up::ECHO;
use crate::run::simulation::Simulation;

pub(super) const OPERATIONS: &[Operation] = &[
    (34, say_on_socket),
    (8, say_by_request),
    (4, say_again),
    (7, edit),
    (5, delete),
    (9, react),
    (3, typing),
    (4, read),
    (4, look),
    (5, talk_at_once),
    (1, malformed),
];

/// For how long a name is surely remembered, in microseconds.
const REMEMBERED: i64 = 20 * 3_600_000_000;

/// What somebody says now, by a request.
fn new_saying(run: &Simulation, person: usize, room: &str, chance: &mut Chance) -> (usize, Saying) {
    let user = run.person(person).and_then(|person| person.user);
    new_saying_as(run, (person, user), room, chance)
}

/// What somebody says now as that user.
fn new_saying_as(
    run: &Simulation,
    (person, user): (usize, Option<u64>),
    room: &str,
    chance: &mut Chance,
) -> (usize, Saying) {
    let mut clients = run.scene.clients();
    let number = clients.sayings.len();
    let saying = Saying {
        person,
        user,
        room: room.to_owned(),
        text: Saying::text(number),
        client_msg_id: (!chance.one_in(4)).then(|| format!("c{number}")),
        tries: 0,
        heard: Heard::Nothing,
        said_at: run.world.now(),
    };
    clients.sayings.push(saying.clone());
    (number, saying)
}

pub(super) fn say_on_socket(run: &mut Simulation, person: usize, chance: &mut Chance) {
    let sockets = run.sockets_of(person, |socket| socket.kind != Kind::Feed);
    let Some(socket) = chance.pick(&sockets).cloned() else {
        return super::rooms::open(run, person, chance);
    };
    let opened = run.scene.clients().sockets.get(&socket).map(|socket| (socket.room.clone(), socket.user));
    // A socket that was opened before its person has taken another account is still the former's.
    let Some((room, user)) = opened else { return };
    let Some(room) = room.or_else(|| run.room(person, chance)) else { return };
    let (number, saying) = new_saying_as(run, (person, user), &room, chance);
    let names = ["CHAT_MESSAGE", "chat", "new_message", "send_message"];
    let name = chance.pick(&names).copied().unwrap_or("chat");
    let mut message = json!({ "type": name, "room": room, "message": saying.text });
    if let Some(id) = &saying.client_msg_id {
        message["client_msg_id"] = json!(id);
    }
    if let Some(to) = run.message(&room, None, chance).filter(|_| chance.one_in(8)) {
        message["reply_to"] = json!(to);
    }
    run.send(&socket, &message);
    run.world.schedule(ECHO, Happening::EchoDue(number));
    if chance.one_in(4) {
        run.world.schedule(chance.between(50_000, 2_500_000), Happening::Regrets { person, room });
    }
}

/// Somebody changes or takes back what they said last, which may be under way still.
pub(in crate::run) fn regret(run: &mut Simulation, person: usize, room: &str) {
    let user = run.person(person).and_then(|person| person.user);
    let books = run.scene.ledger.books();
    let last = books.rooms.get(room).and_then(|room| {
        room.log.iter().rev().find(|(_, entry)| entry.kind == "m" && entry.author == user).map(|(id, _)| *id)
    });
    drop(books);
    let Some(id) = last else { return };
    let path = format!("/api/rooms/{room}/messages/{id}/");
    let text = json!({ "message": format!("e{} is put right", run.world.now()) });
    match run.world.now() % 2 {
        0 => run.request(Some(person), ("DELETE", &path), None, Purpose::Other),
        _ => run.request(Some(person), ("PATCH", &path), Some(text), Purpose::Other),
    }
}

fn say_by_request(run: &mut Simulation, person: usize, chance: &mut Chance) {
    let Some(room) = run.room(person, chance) else { return };
    say_in(run, person, &room, chance);
}

/// Somebody says something in that room.
pub(in crate::run) fn say_in(run: &mut Simulation, person: usize, room: &str, chance: &mut Chance) {
    let (number, saying) = new_saying(run, person, room, chance);
    request_saying(run, number, &saying);
    run.world.schedule(ECHO, Happening::EchoDue(number));
}

/// Everybody who is in a room speaks, and somebody reads, at the same moment.
fn talk_at_once(run: &mut Simulation, person: usize, chance: &mut Chance) {
    let Some(room) = run.room(person, chance) else { return };
    let after = run.scene.ledger.books().rooms.get(&room).map_or(0, |room| room.head.saturating_sub(3));
    let path = format!("/api/rooms/{room}/events/?after={after}");
    for speaker in run.members_of(&room) {
        let (number, saying) = new_saying(run, speaker, &room, chance);
        request_saying(run, number, &saying);
        run.world.schedule(ECHO, Happening::EchoDue(number));
        let purpose = Purpose::CatchUp { person: speaker, room: room.clone() };
        run.request(Some(speaker), ("GET", &path), None, purpose);
    }
}

fn request_saying(run: &mut Simulation, number: usize, saying: &Saying) {
    let mut body = json!({ "message": saying.text });
    if let Some(id) = &saying.client_msg_id {
        body["client_msg_id"] = json!(id);
    }
    let path = format!("/api/rooms/{}/messages/", saying.room);
    run.request(Some(saying.person), ("POST", &path), Some(body), Purpose::Say { saying: number });
}

/// The same message under the same name, perhaps while the first one is under way.
fn say_again(run: &mut Simulation, person: usize, chance: &mut Chance) {
    let clients = run.scene.clients();
    let own = clients.sayings.iter().enumerate().rev();
    let today = run.world.now() - REMEMBERED;
    let own = own.filter(|(_, saying)| saying.person == person && saying.client_msg_id.is_some());
    let user = clients.people.get(person).and_then(|person| person.user);
    let own = own.filter(|(_, saying)| saying.said_at > today && saying.user == user);
    let recent: Vec<(usize, Saying)> = own.take(4).map(|(number, saying)| (number, saying.clone())).collect();
    drop(clients);
    if let Some((number, saying)) = chance.pick(&recent) {
        request_saying(run, *number, saying);
    }
}

/// By a socket in the room, or else by a request.
fn amend(
    run: &mut Simulation,
    person: usize,
    room: &str,
    command: &Value,
    request: (&str, String, Option<Value>),
    chance: &mut Chance,
) {
    let sockets = run.sockets_of(person, |socket| socket.room.as_deref() == Some(room));
    match chance.pick(&sockets).filter(|_| chance.below(3) > 0).cloned() {
        Some(socket) => run.send(&socket, command),
        None => run.request(Some(person), (request.0, &request.1), request.2, Purpose::Other),
    }
}

fn edit(run: &mut Simulation, person: usize, chance: &mut Chance) {
    let Some(room) = run.room(person, chance) else { return };
    let user = run.person(person).and_then(|person| person.user).filter(|_| !chance.one_in(6));
    let Some(id) = run.message(&room, user, chance) else { return };
    let text = format!("e{} is edited", chance.next());
    let command = json!({ "type": "edit_message", "message_id": id, "new_content": text });
    let request = ("PATCH", format!("/api/rooms/{room}/messages/{id}/"), Some(json!({ "message": text })));
    amend(run, person, &room, &command, request, chance);
}

fn delete(run: &mut Simulation, person: usize, chance: &mut Chance) {
    let Some(room) = run.room(person, chance) else { return };
    let user = run.person(person).and_then(|person| person.user).filter(|_| !chance.one_in(4));
    let Some(id) = run.message(&room, user, chance) else { return };
    let command = json!({ "type": "delete_message", "message_id": id });
    let request = ("DELETE", format!("/api/rooms/{room}/messages/{id}/"), None);
    amend(run, person, &room, &command, request, chance);
}

fn react(run: &mut Simulation, person: usize, chance: &mut Chance) {
    let Some(room) = run.room(person, chance) else { return };
    let Some(id) = run.message(&room, None, chance) else { return };
    let reaction = chance.pick(&["+", "-", "?"]).copied().unwrap_or("+");
    let command = json!({ "type": "react_message", "message_id": id, "reaction": reaction });
    let body = Some(json!({ "reaction": reaction }));
    let request = ("POST", format!("/api/rooms/{room}/messages/{id}/reactions/"), body);
    amend(run, person, &room, &command, request, chance);
}

fn typing(run: &mut Simulation, person: usize, chance: &mut Chance) {
    let sockets = run.sockets_of(person, |socket| socket.room.is_some());
    if let Some(socket) = chance.pick(&sockets).cloned() {
        let name = if chance.one_in(3) { "stop_typing" } else { "typing" };
        run.send(&socket, &json!({ "type": name }));
    }
}

fn read(run: &mut Simulation, person: usize, chance: &mut Chance) {
    let Some(room) = run.room(person, chance) else { return };
    let id = run.message(&room, None, chance);
    let command = json!({ "type": "read_receipt", "message_id": id });
    let body = Some(json!({ "message_id": id }));
    let request = ("POST", format!("/api/rooms/{room}/read/"), body);
    amend(run, person, &room, &command, request, chance);
}

fn look(run: &mut Simulation, person: usize, chance: &mut Chance) {
    let Some(room) = run.room(person, chance) else { return };
    let paths =
        ["messages/", "messages/?q=said", "events/", "events/?after=3", "messages/?limit=2", "export/"];
    let path = chance.pick(&paths).copied().unwrap_or_default();
    run.request(Some(person), ("GET", &format!("/api/rooms/{room}/{path}")), None, Purpose::Other);
}

fn malformed(run: &mut Simulation, person: usize, chance: &mut Chance) {
    let sockets = run.sockets_of(person, |_| true);
    let Some(socket) = chance.pick(&sockets).cloned() else { return };
    let bad = [json!([]), json!({ "type": "nonsense" }), json!({ "type": "chat", "message": " " }), json!(7)];
    if let Some(text) = chance.pick(&bad) {
        run.send(&socket, text);
    }
}
