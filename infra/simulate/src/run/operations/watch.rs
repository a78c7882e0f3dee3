//! Watching together.

use serde_json::{Value, json};

use super::Operation;
use crate::clients::Kind;
use crate::kernel::{Chance, Happening};
use crate::run::answers::Purpose;
use crate::run::simulation::Simulation;

pub(super) const OPERATIONS: &[Operation] =
    &[(14, control), (5, turn_twice), (5, choose), (6, queue), (4, player), (2, ready), (2, sync), (2, ask)];

/// A watching socket, mostly of the host.
fn seat(run: &Simulation, person: usize, chance: &mut Chance) -> Option<(String, String)> {
    let room = run.room(person, chance)?;
    let actor = run.host_or(person, &room, chance);
    let right = |socket: &crate::clients::Socket| socket.kind == Kind::Watch;
    let sockets = run.sockets_of(actor, |socket| right(socket) && socket.room.as_deref() == Some(&room));
    let sockets = if sockets.is_empty() { run.sockets_of(person, right) } else { sockets };
    let socket = chance.pick(&sockets)?.clone();
    let room = run.scene.clients().sockets.get(&socket)?.room.clone()?;
    Some((socket, room))
}

/// One command, or two at once, of which the second may overtake the first.
pub(super) fn control(run: &mut Simulation, person: usize, chance: &mut Chance) {
    let Some((socket, _)) = seat(run, person, chance) else { return super::rooms::open(run, person, chance) };
    for later in 0..=i64::from(chance.one_in(2)) {
        let name = chance.pick(&["PLAY", "PAUSE", "SEEK", "SET_RATE"]).copied().unwrap_or("PLAY");
        let rate = chance.pick(&[1.0, 1.5]).copied().unwrap_or(1.0);
        run.send_after(&socket, &json!({ "type": name, "time": chance.between(0, 90), "rate": rate }), later);
    }
}

/// Somebody who watches goes, is back soon, and goes again.
fn turn_twice(run: &mut Simulation, person: usize, chance: &mut Chance) {
    let Some((socket, _)) = seat(run, person, chance) else { return super::rooms::open(run, person, chance) };
    let owner = run.scene.clients().sockets.get(&socket).and_then(|socket| socket.person);
    let Some(person) = owner else { return };
    run.close_socket(&socket);
    let back = chance.between(500_000, 6_000_000);
    run.world.schedule(back, Happening::ComesBack(person));
    run.world.schedule(back + chance.between(1_000_000, 12_000_000), Happening::TurnsAway(person));
}

/// Somebody closes what they watch by.
pub(in crate::run) fn turn_away(run: &mut Simulation, person: usize) {
    for socket in run.sockets_of(person, |socket| socket.kind == Kind::Watch) {
        run.close_socket(&socket);
    }
}

fn source(chance: &mut Chance) -> Value {
    json!({ "url": format!("https://video.example.org/{}.mp4", chance.below(4)), "duration": 100 })
}

fn choose(run: &mut Simulation, person: usize, chance: &mut Chance) {
    let Some((socket, room)) = seat(run, person, chance) else { return };
    let mut choice = source(chance);
    if chance.one_in(3) {
        choice["room_id"] = json!(room);
        let actor = run.host_or(person, &room, chance);
        return run.request(Some(actor), ("POST", "/api/rooms/source/"), Some(choice), Purpose::Other);
    }
    choice["type"] = json!("SET_MEDIA");
    run.send(&socket, &choice);
}

fn queue(run: &mut Simulation, person: usize, chance: &mut Chance) {
    let Some((socket, room)) = seat(run, person, chance) else { return };
    let item = item(run, &room, chance);
    let mut command = source(chance);
    command["item"] = json!(item);
    let names = ["QUEUE_ADD", "QUEUE_ADD", "QUEUE_NEXT", "QUEUE_REMOVE", "QUEUE_MOVE"];
    command["type"] = json!(chance.pick(&names));
    run.send(&socket, &command);
}

/// What is being watched, as its players know it.
fn item(run: &Simulation, room: &str, chance: &mut Chance) -> String {
    let books = run.scene.ledger.books();
    let playing = books.rooms.get(room).and_then(|room| room.playback.as_ref()?.get("item")?["id"].as_str());
    playing.filter(|_| !chance.one_in(5)).unwrap_or("none").to_owned()
}

fn player(run: &mut Simulation, person: usize, chance: &mut Chance) {
    let Some((socket, room)) = seat(run, person, chance) else { return };
    let item = item(run, &room, chance);
    let event = if chance.one_in(2) { "ended" } else { "timeupdate" };
    let data =
        json!({ "event": event, "currentTime": chance.between(1, 100), "duration": 100, "progress": 50 });
    run.send(&socket, &json!({ "type": "PLAYER_EVENT", "item": item, "data": data }));
}

fn ready(run: &mut Simulation, person: usize, chance: &mut Chance) {
    let Some((socket, room)) = seat(run, person, chance) else { return };
    let books = run.scene.ledger.books();
    let version = books.rooms.get(&room).and_then(|room| room.playback.as_ref()?.get("version")?.as_u64());
    drop(books);
    run.send(&socket, &json!({ "type": "READY", "version": version.unwrap_or(0) }));
}

fn sync(run: &mut Simulation, person: usize, chance: &mut Chance) {
    let Some((socket, _)) = seat(run, person, chance) else { return };
    let now = run.timestamp();
    let check = json!({ "type": "SYNC_CHECK", "client_time": chance.between(0, 90), "client_sent_at": now });
    run.send(&socket, &check);
}

fn ask(run: &mut Simulation, person: usize, chance: &mut Chance) {
    let Some(room) = run.room(person, chance) else { return };
    let paths = [format!("/api/rooms/{room}/queue/"), format!("/api/rooms/{room}/resume/")];
    if let Some(path) = chance.pick(&paths) {
        run.request(Some(person), ("GET", path), None, Purpose::Other);
    }
}
