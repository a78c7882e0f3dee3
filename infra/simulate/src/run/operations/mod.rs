//! What people do, chosen by weights. Populations are small, so that what they do collides.

mod accounts;
mod chat;
mod choice;
mod collisions;
mod private;
mod rooms;
mod watch;

use serde_json::json;

pub(super) use self::chat::{regret, say_in};
pub(super) use self::collisions::STEPS as COLLIDING;
pub(super) use self::private::write_to_user;
pub(super) use self::rooms::{join_room, open_in};
pub(super) use self::watch::turn_away;
use super::answers::Purpose;
use super::simulation::Simulation;
use crate::clients::Person;
use crate::kernel::Chance;
use crate::ports::CHOSEN;

/// Something that somebody may do, and how often, compared with the others.
type Operation = (u32, fn(&mut Simulation, usize, &mut Chance));

/// All that is done.
const WINGS: [&[Operation]; 5] =
    [chat::OPERATIONS, rooms::OPERATIONS, watch::OPERATIONS, private::OPERATIONS, accounts::OPERATIONS];
/// People with accounts; two of them are called the same.
const ACCOUNTS: [(&str, &str); 5] =
    [("ann", "Ann"), ("bob", "Bob"), ("cem", "Cem"), ("ann2", "Ann"), ("dana", "Dana")];
const GUESTS: [&str; 2] = ["Ann", "Guest"];
/// Once in how many operations a stranger does it who is not signed in.
const STRANGERS: u32 = 60;

impl Simulation {
    /// Everybody comes into the world.
    pub(super) fn populate(&mut self) {
        for (username, name) in ACCOUNTS {
            let password = format!("{CHOSEN}-{username}-kettle");
            let person = Person {
                name: name.to_owned(),
                username: Some(username.to_owned()),
                password,
                ..Person::default()
            };
            self.scene.clients().people.push(person);
        }
        for name in GUESTS {
            self.scene.clients().people.push(Person { name: name.to_owned(), ..Person::default() });
        }
        let people = self.scene.clients().people.len();
        // First the account, then the sign-in.
        for _ in 0..2 {
            for person in 0..people {
                self.is_ready(person);
            }
            let soon = self.world.now() + 5_000_000;
            while !self.executor.is_idle() && !self.is_over() && self.step(soon) {}
        }
    }

    /// Something is done.
    pub(super) fn operate(&mut self, number: usize) {
        if self.plan.without.contains(&number) {
            return;
        }
        let part = u64::try_from(number).unwrap_or(0) + 10_000;
        let mut chance = Chance::of(self.plan.seed, part);
        let people = self.scene.clients().people.len();
        let person = chance.below(people);
        if self.plan.absent.contains(&person) {
            return;
        }
        if chance.one_in(STRANGERS) {
            return self.intrude(&mut chance);
        }
        if !self.is_ready(person) {
            return;
        }
        let total: u32 = WINGS.iter().flat_map(|wing| wing.iter()).map(|(weight, _)| weight).sum();
        let mut at = u32::try_from(chance.below(usize::try_from(total).unwrap_or(1))).unwrap_or(0);
        for (weight, operation) in WINGS.iter().flat_map(|wing| wing.iter()) {
            if at < *weight {
                self.world.note(format_args!("operation {number} by person {person}"));
                return operation(self, person, &mut chance);
            }
            at -= weight;
        }
    }

    /// What collides on purpose is done, after everything else in a round.
    pub(super) fn collide(&mut self, number: usize, step: usize) {
        if self.plan.without.contains(&number) {
            return;
        }
        let part = u64::try_from(number).unwrap_or(0) + 10_000;
        self.world.note(format_args!("operation {number} by all"));
        collisions::collide(self, step, &mut Chance::of(self.plan.seed, part));
    }

    /// Somebody who is nobody tries it, too.
    fn intrude(&mut self, chance: &mut Chance) {
        let Some(room) = self.any_room(chance) else { return };
        let paths = [
            format!("/api/rooms/{room}/"),
            format!("/api/rooms/{room}/messages/"),
            format!("/api/rooms/{room}/events/"),
            "/api/rooms/public/".to_owned(),
        ];
        if let Some(path) = chance.pick(&paths) {
            self.request(None, ("GET", path), None, Purpose::Other);
        }
        let kind = choice::kind(chance, &room);
        self.open_socket(None, kind, Some(&room), None);
    }

    /// Whether somebody is signed in; if not, they do what leads there.
    fn is_ready(&mut self, place: usize) -> bool {
        let Some(person) = self.person(place) else { return false };
        if person.tokens.is_some() {
            return true;
        }
        if person.is_busy {
            return false;
        }
        if let Some(known) = self.scene.clients().people.get_mut(place) {
            known.is_busy = true;
        }
        let secret =
            json!({ "username": person.username, "password": person.password, "display_name": person.name });
        match (&person.username, person.user) {
            (None, _) => {
                let body = json!({ "display_name": person.name });
                self.request(
                    None,
                    ("POST", "/api/auth/guest/"),
                    Some(body),
                    Purpose::SignIn { person: place },
                );
            }
            (Some(_), None) => {
                self.request(
                    None,
                    ("POST", "/api/register/"),
                    Some(secret),
                    Purpose::Register { person: place },
                );
            }
            (Some(_), Some(_)) => {
                self.request(None, ("POST", "/api/login/"), Some(secret), Purpose::SignIn { person: place });
            }
        }
        false
    }
}
