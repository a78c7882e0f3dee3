//! Rooms, their people, and their sockets.

use serde_json::{Value, json};

use super::choice::kind;
use super::{CHOSEN, Operation};
use crate::clients::Kind;
use crate::kernel::{Chance, Happening};
use crate::run::answers::Purpose;
use crate::run::course::Course;
use crate::run::simulation::Simulation;

pub(super) const OPERATIONS: &[Operation] = &[
    (10, create),
    (18, join),
    (22, open),
    (12, close),
    (3, leave),
    (18, measure),
    (5, approve),
    (3, invite),
    (3, come_by_invitation),
    (5, change),
    (1, close_room),
    (4, roles),
    (4, look),
];

/// How many rooms with a host there are at most at a time.
const ENOUGH: usize = 4;
/// The same where what people do is to collide more often.
const FEW: usize = 2;

fn create(run: &mut Simulation, person: usize, chance: &mut Chance) {
    let enough = if run.plan.course == Course::Plain { ENOUGH } else { FEW };
    if run.rooms_in_use() >= enough {
        return join(run, person, chance);
    }
    let codes = [json!("kino"), json!("17"), json!("Saal"), Value::Null];
    let modes = ["OPEN", "OPEN", "PASSWORD", "APPROVAL"];
    let mut body = json!({ "entry_mode": chance.pick(&modes), "is_private": chance.one_in(4) });
    if let Some(code) = chance.pick(&codes).filter(|code| !code.is_null()) {
        body["code"] = code.clone();
    }
    if body["entry_mode"] == "PASSWORD" {
        body["password"] = json!(format!("{CHOSEN}-room"));
    }
    run.request(Some(person), ("POST", "/api/rooms/"), Some(body), Purpose::Room);
}

pub(super) fn join(run: &mut Simulation, person: usize, chance: &mut Chance) {
    let Some(room) = run.any_room(chance) else { return };
    let mut body = json!({ "code": room });
    if !chance.one_in(4) {
        body["password"] = json!(format!("{CHOSEN}-room"));
    }
    run.request(Some(person), ("POST", "/api/rooms/join/"), Some(body), Purpose::Other);
}

/// Asks to come into that room.
pub(in crate::run) fn join_room(run: &mut Simulation, person: usize, room: &str) {
    let body = json!({ "code": room, "password": format!("{CHOSEN}-room") });
    run.request(Some(person), ("POST", "/api/rooms/join/"), Some(body), Purpose::Other);
}

/// Opens a socket; of those who follow a room, mostly from where they are.
pub(super) fn open(run: &mut Simulation, person: usize, chance: &mut Chance) {
    // Where listeners of the feed are, most that happens while all is quiet is its heartbeat.
    let last = if run.plan.course == Course::Plain { Kind::Feed } else { Kind::Inbox };
    let general = [Kind::Inbox, Kind::Inbox, last];
    if chance.one_in(5)
        && let Some(kind) = chance.pick(&general)
    {
        return run.open_socket(Some(person), *kind, None, None);
    }
    let Some(room) = run.room(person, chance) else { return };
    let kind = kind(chance, &room);
    let view = run.scene.clients().views.get(&(person, room.clone())).map(|view| view.mark);
    let since = match kind {
        Kind::Watch if chance.one_in(2) => view.filter(|mark| *mark > 0),
        Kind::Watch | Kind::Feed | Kind::Inbox => None,
        Kind::Chat { all: false } => None,
        Kind::Chat { all: true } | Kind::Conversation => Some(view.unwrap_or(0)),
    };
    run.open_socket(Some(person), kind, Some(&room), since);
}

/// Whoever is put out, or goes, is about to come by other sockets.
fn come_meanwhile(run: &Simulation, person: usize, room: &str, chance: &mut Chance) {
    for _ in 0..5 {
        let opens = Happening::Opens { person, room: room.to_owned() };
        run.world.schedule(chance.between(0, 20_000), opens);
    }
}

/// Opens a socket in that room.
pub(in crate::run) fn open_in(run: &mut Simulation, person: usize, room: &str) {
    if !run.plan.absent.contains(&person) {
        run.open_socket(Some(person), Kind::Chat { all: true }, Some(room), Some(0));
    }
}

/// Closes a socket; many come back soon, as a reload does.
fn close(run: &mut Simulation, person: usize, chance: &mut Chance) {
    let sockets = run.sockets_of(person, |_| true);
    let Some(socket) = chance.pick(&sockets).cloned() else { return };
    run.close_socket(&socket);
    match chance.below(4) {
        0 => {}
        1 => run.world.schedule(chance.between(3_000_000, 30_000_000), Happening::ComesBack(person)),
        _ => run.world.schedule(chance.between(100_000, 3_000_000), Happening::ComesBack(person)),
    }
}

fn leave(run: &mut Simulation, person: usize, chance: &mut Chance) {
    let Some(room) = run.room(person, chance) else { return };
    let person = if chance.one_in(2) { run.host_or(person, &room, chance) } else { person };
    let user = run.person(person).and_then(|person| person.user);
    come_meanwhile(run, person, &room, chance);
    let path = format!("/api/rooms/{room}/leave/");
    run.request(Some(person), ("POST", &path), None, Purpose::PutOut { room, user });
}

/// What host and co-hosts do to people.
fn measure(run: &mut Simulation, person: usize, chance: &mut Chance) {
    let Some(room) = run.room(person, chance) else { return };
    let (actor, Some(user)) = (run.host_or(person, &room, chance), run.somebody(&room, chance)) else {
        return;
    };
    let measures =
        ["kick", "ban", "ban", "ban", "unban", "unban", "unban", "unban", "mute", "mute", "unmute"];
    let name = chance.pick(&measures).copied().unwrap_or("kick");
    if chance.one_in(12) {
        let path = format!("/api/rooms/{room}/members/{user}/");
        return run.request(Some(actor), ("DELETE", &path), None, Purpose::PutOut { room, user: Some(user) });
    }
    let mut body = json!({ "user_id": user });
    if name == "mute" && chance.one_in(2) {
        body["seconds"] = json!(chance.between(1, 20));
    }
    let sockets =
        run.sockets_of(actor, |socket| socket.room.as_deref() == Some(&room) && socket.kind == Kind::Watch);
    if let Some(socket) =
        chance.pick(&sockets).filter(|_| name != "unban" && name != "unmute" && chance.one_in(3)).cloned()
    {
        body["type"] = json!(format!("{}_USER", name.to_uppercase()));
        return run.send(&socket, &body);
    }
    if name == "ban" {
        let place = run.scene.clients().people.iter().position(|person| person.user == Some(user));
        place.into_iter().for_each(|place| come_meanwhile(run, place, &room, chance));
    }
    let user = (name == "ban").then_some(user);
    let path = format!("/api/rooms/{room}/{name}/");
    run.request(Some(actor), ("POST", &path), Some(body), Purpose::PutOut { room, user });
}

fn approve(run: &mut Simulation, person: usize, chance: &mut Chance) {
    let Some(room) = run.room(person, chance) else { return };
    let (actor, Some(user)) = (run.host_or(person, &room, chance), run.somebody(&room, chance)) else {
        return;
    };
    let body = json!({ "code": room, "user_id": user, "approve": !chance.one_in(4) });
    run.request(Some(actor), ("POST", "/api/rooms/approve/"), Some(body), Purpose::Other);
}

fn invite(run: &mut Simulation, person: usize, chance: &mut Chance) {
    let Some(room) = run.room(person, chance) else { return };
    let actor = run.host_or(person, &room, chance);
    let body = json!({ "uses": chance.between(1, 2) });
    let path = format!("/api/rooms/{room}/invitations/");
    run.request(Some(actor), ("POST", &path), Some(body), Purpose::Invite { person: actor });
}

fn come_by_invitation(run: &mut Simulation, person: usize, chance: &mut Chance) {
    let invitations = run.person(person).map(|person| person.invitations).unwrap_or_default();
    let Some(token) = chance.pick(&invitations) else { return join(run, person, chance) };
    let body = json!({ "invitation": token });
    run.request(Some(person), ("POST", "/api/rooms/join/"), Some(body), Purpose::Other);
}

fn change(run: &mut Simulation, person: usize, chance: &mut Chance) {
    let Some(room) = run.room(person, chance) else { return };
    let actor = run.host_or(person, &room, chance);
    let changes = [
        json!({ "is_locked": chance.one_in(3) }),
        json!({ "is_chat_enabled": !chance.one_in(3) }),
        json!({ "slow_mode_seconds": if chance.one_in(3) { 2 } else { 0 } }),
        json!({ "retention": { "days": 1 } }),
        json!({ "retention": { "messages": 10 } }),
        json!({ "retention": null }),
        json!({ "ready_gate": chance.one_in(2) }),
        json!({ "who_may_queue": "MEMBERS" }),
        json!({ "entry_mode": "OPEN" }),
        json!({ "capacity": 50 }),
        json!({ "name": "A name" }),
    ];
    let change = chance.pick(&changes).cloned();
    run.request(Some(actor), ("PATCH", &format!("/api/rooms/{room}/")), change, Purpose::Other);
}

fn close_room(run: &mut Simulation, person: usize, chance: &mut Chance) {
    if !chance.one_in(2) {
        return;
    }
    let Some(room) = run.room(person, chance) else { return };
    let actor = run.host_or(person, &room, chance);
    run.request(Some(actor), ("DELETE", &format!("/api/rooms/{room}/")), None, Purpose::Other);
}

fn roles(run: &mut Simulation, person: usize, chance: &mut Chance) {
    let Some(room) = run.room(person, chance) else { return };
    let (actor, Some(user)) = (run.host_or(person, &room, chance), run.somebody(&room, chance)) else {
        return;
    };
    let name = chance.pick(&["cohost", "cohost", "uncohost", "host"]).copied().unwrap_or("cohost");
    let body = Some(json!({ "user_id": user }));
    run.request(Some(actor), ("POST", &format!("/api/rooms/{room}/{name}/")), body, Purpose::Other);
}

fn look(run: &mut Simulation, person: usize, chance: &mut Chance) {
    let Some(room) = run.any_room(chance) else { return };
    let paths = [
        "/api/rooms/".to_owned(),
        "/api/rooms/public/".to_owned(),
        format!("/api/rooms/{room}/"),
        format!("/api/rooms/{room}/participants/"),
        format!("/api/rooms/{room}/audit/"),
        format!("/api/rooms/{room}/invitations/"),
        format!("/api/rooms/{room}/participants/?status=PENDING"),
        "/api/chat/groups/".to_owned(),
    ];
    if let Some(path) = chance.pick(&paths) {
        run.request(Some(person), ("GET", path), None, Purpose::Other);
    }
}
