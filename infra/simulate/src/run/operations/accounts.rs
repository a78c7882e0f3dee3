//! Accounts and their sessions.

use serde_json::json;

use super::Operation;
use crate::kernel::{Chance, Happening};
use crate::run::answers::Purpose;
use crate::run::simulation::Simulation;

pub(super) const OPERATIONS: &[Operation] =
    &[(2, refresh), (1, sign_out), (1, sign_out_and_clear), (2, rename), (3, erase), (2, ask), (1, ticket)];

fn refresh(run: &mut Simulation, person: usize, _: &mut Chance) {
    let Some(tokens) = run.person(person).and_then(|person| person.tokens) else { return };
    let body = json!({ "refresh_token": tokens.refresh });
    run.request(None, ("POST", "/api/auth/refresh/"), Some(body), Purpose::SignIn { person });
}

fn sign_out(run: &mut Simulation, person: usize, _: &mut Chance) {
    run.request(Some(person), ("POST", "/api/auth/logout/"), None, Purpose::SignOut { person });
}

fn sign_out_and_clear(run: &mut Simulation, person: usize, _: &mut Chance) {
    run.request(Some(person), ("POST", "/api/logout/"), None, Purpose::SignOut { person });
}

fn rename(run: &mut Simulation, person: usize, chance: &mut Chance) {
    let name = chance.pick(&["Ann", "Bob", "Somebody", "Élan"]).copied();
    let body = json!({ "display_name": name });
    run.request(Some(person), ("PATCH", "/api/user-profile/"), Some(body), Purpose::Other);
}

/// The account goes for good; its person comes again with another one.
fn erase(run: &mut Simulation, person: usize, chance: &mut Chance) {
    let Some(known) = run.person(person).filter(|_| chance.one_in(2)) else { return };
    let body = json!({ "current_password": known.password });
    run.request(
        Some(person),
        ("DELETE", "/api/user-profile/"),
        Some(body),
        Purpose::Erase { person, user: known.user },
    );
    // At this moment they are about to come into rooms, and others are about to write to them.
    let (Some(user), people) = (known.user, run.scene.clients().people.len()) else { return };
    for room in run.rooms_without(user) {
        for _ in 0..2 {
            let joins = Happening::Joins { person, room: room.clone() };
            run.world.schedule(chance.between(0, 70_000), joins);
        }
    }
    for other in (0..people).filter(|other| *other != person) {
        run.world.schedule(chance.between(0, 70_000), Happening::WritesTo { person: other, user });
    }
}

fn ask(run: &mut Simulation, person: usize, chance: &mut Chance) {
    let paths = ["/api/user-profile/", "/api/users/?username=an", "/api/user-profile/progress/"];
    if let Some(path) = chance.pick(&paths) {
        run.request(Some(person), ("GET", path), None, Purpose::Other);
    }
}

fn ticket(run: &mut Simulation, person: usize, chance: &mut Chance) {
    let Some(room) = run.any_room(chance) else { return };
    let body = json!({ "path": format!("/ws/room/{room}/") });
    run.request(Some(person), ("POST", "/api/ws-ticket/"), Some(body), Purpose::Other);
}
