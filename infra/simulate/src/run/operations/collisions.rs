//! What collides on purpose: everybody comes into one room at the end of a round, and what they do there happens at the
//! same moment. All is quiet soon after, so that little of what went wrong is forgotten before it is looked for.

use serde_json::json;

use crate::clients::{Kind, Socket};
use crate::kernel::{Chance, Happening};
use crate::run::answers::Purpose;
use crate::run::requests::Request;
use crate::run::simulation::Simulation;

/// What two people in a room do, or more of them.
type Collision = fn(&mut Simulation, &str, &[usize], &mut Chance);

/// In how many steps people come together, and collide, at the end of a round.
pub(in crate::run) const STEPS: usize = 24;

/// What comes several times happens more often.
const COLLISIONS: [Collision; 15] = [
    come_together,
    come_together,
    come_together,
    go_twice,
    go_twice,
    put_out,
    put_out,
    speak_and_command,
    talk_and_read,
    talk_and_silence,
    amend,
    keep_for_a_day,
    erase,
    erase,
    meet,
];

/// What comes last is disturbed by nothing.
const LAST: [Collision; 3] = [come_twice, come_twice, go_twice];

/// Does one of them in the room where most people are: first they come.
pub(in crate::run) fn collide(run: &mut Simulation, step: usize, chance: &mut Chance) {
    let Some(room) = fullest_room(run) else { return make_room(run, chance) };
    match step {
        0 => return open_doors(run, &room, chance),
        1 => return assemble(run, &room),
        _ => {}
    }
    let members = run.members_of(&room);
    let collision = match step {
        2 => COLLISIONS.first(),
        _ if step + 1 == STEPS => chance.pick(&LAST),
        _ => chance.pick(&COLLISIONS),
    };
    if let Some(collision) = collision.filter(|_| members.len() > 1) {
        collision(run, &room, &members, chance);
    }
}

fn fullest_room(run: &Simulation) -> Option<String> {
    let rooms: Vec<String> = {
        let books = run.scene.ledger.books();
        let rooms = books.rooms.iter().filter(|(_, room)| room.is_active() && room.host().is_some());
        rooms.map(|(code, _)| code.clone()).collect()
    };
    rooms.into_iter().max_by_key(|room| run.members_of(room).len())
}

fn make_room(run: &mut Simulation, chance: &mut Chance) {
    let ready = ready(run);
    if let Some(person) = chance.pick(&ready) {
        run.request(Some(*person), ("POST", "/api/rooms/"), Some(json!({ "code": "kino" })), Purpose::Room);
    }
}

/// Whoever wants to come in may, and who was put out is let in again.
fn open_doors(run: &mut Simulation, room: &str, chance: &mut Chance) {
    let Some(first) = run.members_of(room).first().copied() else { return };
    let host = run.host_or(first, room, chance);
    let body = json!({ "entry_mode": "OPEN", "is_locked": false, "is_chat_enabled": true });
    run.request(Some(host), ("PATCH", &format!("/api/rooms/{room}/")), Some(body), Purpose::Other);
    for user in outside(run, room) {
        let body = Some(json!({ "user_id": user }));
        run.request(Some(host), ("POST", &format!("/api/rooms/{room}/unban/")), body, Purpose::Other);
    }
}

/// Those of whom a room knows, and who are not in it.
fn outside(run: &Simulation, room: &str) -> Vec<u64> {
    let (clients, books) = (run.scene.clients(), run.scene.ledger.books());
    let Some(book) = books.rooms.get(room) else { return Vec::new() };
    let users = clients.people.iter().filter_map(|person| person.user);
    let now = run.world.now();
    users.filter(|user| book.members.contains_key(user) && !book.is_in(*user, now)).collect()
}

fn assemble(run: &mut Simulation, room: &str) {
    let members = run.members_of(room);
    for person in ready(run).into_iter().filter(|person| !members.contains(person)) {
        super::rooms::join_room(run, person, room);
    }
}

/// Everybody who is signed in; the others see to it.
fn ready(run: &mut Simulation) -> Vec<usize> {
    let people = run.scene.clients().people.len();
    (0..people).filter(|person| !run.plan.absent.contains(person) && run.is_ready(*person)).collect()
}

/// Everybody comes to watch, some of them anew, and somebody speaks while they come.
fn come_together(run: &mut Simulation, room: &str, members: &[usize], chance: &mut Chance) {
    let watching = watchers(run, room, members);
    for member in members {
        if watching.contains(member) {
            if chance.one_in(2) {
                continue;
            }
            super::watch::turn_away(run, *member);
        }
        come(run, room, *member, chance);
    }
    if let Some(speaker) = chance.pick(members) {
        says(run, *speaker, room, chance.between(0, 3_000_000));
    }
}

/// Everybody comes by two more sockets.
fn come_twice(run: &mut Simulation, room: &str, members: &[usize], chance: &mut Chance) {
    for member in members.iter().chain(members) {
        come(run, room, *member, chance);
    }
}

/// Somebody comes, mostly to watch.
fn come(run: &mut Simulation, room: &str, member: usize, chance: &mut Chance) {
    let kind = if chance.one_in(5) { Kind::Chat { all: true } } else { Kind::Watch };
    let mark = run.scene.clients().views.get(&(member, room.to_owned())).map(|view| view.mark);
    let since = mark.filter(|mark| *mark > 0 && chance.one_in(2));
    run.open_socket(Some(member), kind, Some(room), since);
}

fn says(run: &Simulation, person: usize, room: &str, after: i64) {
    run.world.schedule(after, Happening::Says { person, room: room.to_owned() });
}

/// Those of them who watch in a room.
fn watchers(run: &Simulation, room: &str, members: &[usize]) -> Vec<usize> {
    let is_there = |socket: &Socket| socket.kind == Kind::Watch && socket.room.as_deref() == Some(room);
    members.iter().copied().filter(|person| !run.sockets_of(*person, is_there).is_empty()).collect()
}

/// The host, or somebody else, goes while others watch, is back soon, and goes again.
fn go_twice(run: &mut Simulation, room: &str, members: &[usize], chance: &mut Chance) {
    let watching = watchers(run, room, members);
    let Some(somebody) = chance.pick(&watching).copied() else {
        return come_together(run, room, members, chance);
    };
    let host = run.host_or(somebody, room, chance);
    let person = if watching.contains(&host) { host } else { somebody };
    super::watch::turn_away(run, person);
    let back = chance.between(300_000, 3_000_000);
    run.world.schedule(back, Happening::ComesBack(person));
    run.world.schedule(back + chance.between(400_000, 4_000_000), Happening::TurnsAway(person));
}

/// Somebody is put out, or goes, and is back, three times while they come by other sockets.
fn put_out(run: &mut Simulation, room: &str, members: &[usize], chance: &mut Chance) {
    let Some(victim) = chance.pick(members).copied() else { return };
    let Some(user) = run.person(victim).and_then(|person| person.user) else { return };
    for _ in 0..7 {
        let opens = Happening::Opens { person: victim, room: room.to_owned() };
        run.world.schedule(chance.between(0, 500_000), opens);
    }
    let host = run.host_or(victim, room, chance);
    let mut at = 0;
    for turn in 0..3 {
        at += chance.between(120_000, 240_000);
        let request = going(room, (victim, user), host, if turn < 2 { turn } else { chance.below(3) });
        run.request_after(at, request);
        let joins = Happening::Joins { person: victim, room: room.to_owned() };
        run.world.schedule(at + chance.between(60_000, 120_000), joins);
    }
}

/// One of the ways in which somebody goes.
fn going(room: &str, (victim, user): (usize, u64), host: usize, way: usize) -> Request {
    let purpose = Purpose::PutOut { room: room.to_owned(), user: Some(user) };
    let (person, method, path) = match way {
        0 => (victim, "POST", format!("/api/rooms/{room}/leave/")),
        1 => (host, "DELETE", format!("/api/rooms/{room}/members/{user}/")),
        _ => (host, "POST", format!("/api/rooms/{room}/ban/")),
    };
    let body = path.ends_with("/ban/").then(|| json!({ "user_id": user }));
    Request { person, method, path, body, purpose }
}

/// Everybody says something by a socket of theirs, and tells what is watched what to do.
fn speak_and_command(run: &mut Simulation, _: &str, members: &[usize], chance: &mut Chance) {
    for person in members {
        super::chat::say_on_socket(run, *person, chance);
        super::watch::control(run, *person, chance);
    }
}

/// Everybody speaks, and reads what there is meanwhile.
fn talk_and_read(run: &mut Simulation, room: &str, members: &[usize], chance: &mut Chance) {
    for person in members.iter().copied() {
        for _ in 0..2 {
            says(run, person, room, chance.between(0, 120_000));
            let gap = Happening::GapDue { person, room: room.to_owned() };
            run.world.schedule(chance.between(0, 120_000), gap);
        }
    }
}

/// Somebody is silenced while they speak.
fn talk_and_silence(run: &mut Simulation, room: &str, members: &[usize], chance: &mut Chance) {
    let Some(victim) = chance.pick(members).copied() else { return };
    let Some(user) = run.person(victim).and_then(|person| person.user) else { return };
    let actor = run.host_or(victim, room, chance);
    let body = json!({ "user_id": user, "seconds": 20 });
    run.request(Some(actor), ("POST", &format!("/api/rooms/{room}/mute/")), Some(body), Purpose::Other);
    for _ in 0..5 {
        says(run, victim, room, chance.between(0, 60_000));
    }
}

/// Everybody changes or takes back what they said last.
fn amend(run: &mut Simulation, room: &str, members: &[usize], chance: &mut Chance) {
    for person in members.iter().copied() {
        says(run, person, room, 0);
        for _ in 0..2 {
            let regrets = Happening::Regrets { person, room: room.to_owned() };
            run.world.schedule(chance.between(200_000, 900_000), regrets);
        }
    }
}

/// From now on nothing is kept for longer than a day.
fn keep_for_a_day(run: &mut Simulation, room: &str, members: &[usize], chance: &mut Chance) {
    let Some(somebody) = chance.pick(members).copied() else { return };
    let actor = run.host_or(somebody, room, chance);
    let change = json!({ "retention": { "days": 1 } });
    run.request(Some(actor), ("PATCH", &format!("/api/rooms/{room}/")), Some(change), Purpose::Other);
    for person in members {
        says(run, *person, room, chance.between(100_000, 900_000));
    }
}

/// Somebody has just left, and their account goes while they come into rooms and take another name. They ask for it twice,
/// since they may not have been answered.
fn erase(run: &mut Simulation, room: &str, members: &[usize], chance: &mut Chance) {
    let Some(person) = chance.pick(members).copied() else { return };
    let Some(known) = run.person(person) else { return };
    let Some(user) = known.user else { return };
    run.request(Some(person), ("POST", &format!("/api/rooms/{room}/leave/")), None, Purpose::Other);
    let profile = |method, body, purpose| {
        let (path, body) = ("/api/user-profile/".to_owned(), Some(body));
        Request { person, method, path, body, purpose }
    };
    let begin = 600_000;
    for after in [0, 120_000] {
        let secret = json!({ "current_password": known.password });
        let erase = profile("DELETE", secret, Purpose::Erase { person, user: Some(user) });
        run.request_after(begin + after, erase);
    }
    let rename = profile("PATCH", json!({ "display_name": "Élan" }), Purpose::Other);
    run.request_after(begin + chance.between(0, 70_000), rename);
    for room in run.rooms_without(user).into_iter().chain([room.to_owned()]) {
        for _ in 0..4 {
            let joins = Happening::Joins { person, room: room.clone() };
            run.world.schedule(begin + chance.between(5_000, 70_000), joins);
        }
    }
}

/// Two people want to talk to each other, and both at the same moment.
fn meet(run: &mut Simulation, _: &str, members: &[usize], chance: &mut Chance) {
    let user = |person: usize| run.person(person).and_then(|person| person.user);
    let users: Vec<(usize, u64)> =
        members.iter().filter_map(|person| Some((*person, user(*person)?))).collect();
    for (person, user) in &users {
        for (other, their) in users.iter().filter(|(other, _)| other > person) {
            let after = chance.between(0, 15_000);
            run.world.schedule(after, Happening::WritesTo { person: *person, user: *their });
            let after = chance.between(0, 15_000);
            run.world.schedule(after, Happening::WritesTo { person: *other, user: *user });
        }
    }
}
