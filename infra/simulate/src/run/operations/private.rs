//! Private conversations, inboxes, blocking.

use serde_json::json;

use super::Operation;
use crate::clients::{Heard, Kind, Saying};
use crate::kernel::Chance;
use crate::run::answers::Purpose;
use crate::run::simulation::Simulation;

pub(super) const OPERATIONS: &[Operation] =
    &[(6, start), (6, write_to), (4, listen), (1, leave), (1, block), (3, unblock), (2, look)];

fn start(run: &mut Simulation, person: usize, chance: &mut Chance) {
    let Some(other) = run.anybody(chance) else { return };
    let body = if chance.one_in(6) {
        let third = run.anybody(chance);
        json!({ "participants": [other, third], "name": "Three" })
    } else {
        json!({ "participant_id": other })
    };
    run.request(Some(person), ("POST", "/api/conversations/"), Some(body), Purpose::Room);
    // Both may have the same idea.
    let me = run.person(person).and_then(|person| person.user);
    let theirs = run
        .scene
        .clients()
        .people
        .iter()
        .position(|person| person.user == Some(other) && person.tokens.is_some());
    if let Some(other) = theirs.filter(|theirs| chance.one_in(2) && !run.plan.absent.contains(theirs)) {
        let body = json!({ "participant_id": me });
        run.request(Some(other), ("POST", "/api/conversations/"), Some(body), Purpose::Room);
    }
}

/// Begins to talk to that person, if there is anybody of that number.
pub(in crate::run) fn write_to_user(run: &mut Simulation, person: usize, user: u64) {
    if run.person(person).is_some_and(|person| person.tokens.is_some()) && !run.plan.absent.contains(&person)
    {
        let body = json!({ "participant_id": user });
        run.request(Some(person), ("POST", "/api/conversations/"), Some(body), Purpose::Room);
    }
}

/// On the inbox, by the receiver's number.
fn write_to(run: &mut Simulation, person: usize, chance: &mut Chance) {
    let sockets = run.sockets_of(person, |socket| socket.kind == Kind::Inbox);
    let Some(socket) = chance.pick(&sockets).cloned() else {
        return run.open_socket(Some(person), Kind::Inbox, None, None);
    };
    let Some(other) = run.anybody(chance) else { return };
    let user = run.person(person).and_then(|person| person.user);
    let mut clients = run.scene.clients();
    let number = clients.sayings.len();
    clients.sayings.push(Saying {
        person,
        user,
        room: String::new(),
        text: Saying::text(number),
        client_msg_id: None,
        tries: 0,
        heard: Heard::Nothing,
        said_at: run.world.now(),
    });
    drop(clients);
    let text = Saying::text(number);
    run.send(&socket, &json!({ "type": "new_message", "receiver_id": other, "message": text }));
}

/// An inbox hears a room, from where its person is.
fn listen(run: &mut Simulation, person: usize, chance: &mut Chance) {
    let sockets = run.sockets_of(person, |socket| socket.kind == Kind::Inbox);
    let Some(socket) = chance.pick(&sockets).cloned() else { return };
    let Some(room) = run.room(person, chance) else { return };
    let since = run.scene.clients().views.get(&(person, room.clone())).map_or(0, |view| view.mark);
    run.send(&socket, &json!({ "type": "join_conversation", "conversation_id": room, "since": since }));
}

fn leave(run: &mut Simulation, person: usize, chance: &mut Chance) {
    let sockets = run.sockets_of(person, |socket| socket.kind == Kind::Inbox);
    let Some(socket) = chance.pick(&sockets).cloned() else { return };
    let Some(room) = run.room(person, chance) else { return };
    run.send(&socket, &json!({ "type": "leave_conversation", "conversation_id": room }));
}

fn block(run: &mut Simulation, person: usize, chance: &mut Chance) {
    let Some(other) = run.anybody(chance) else { return };
    run.request(Some(person), ("POST", &format!("/api/users/{other}/block/")), None, Purpose::Other);
}

fn unblock(run: &mut Simulation, person: usize, chance: &mut Chance) {
    let Some(other) = run.anybody(chance) else { return };
    run.request(Some(person), ("POST", &format!("/api/users/{other}/unblock/")), None, Purpose::Other);
}

fn look(run: &mut Simulation, person: usize, chance: &mut Chance) {
    let paths = ["/api/conversations/", "/api/user-profile/blocked/", "/api/user-profile/export/"];
    if let Some(path) = chance.pick(&paths) {
        run.request(Some(person), ("GET", path), None, Purpose::Other);
    }
}
