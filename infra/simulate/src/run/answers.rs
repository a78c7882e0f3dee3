//! What became of work, and what clients learn of it.

use std::sync::{Arc, Mutex, PoisonError};

use parlor::inbound::gateway_event::GatewayResponse;
use serde_json::Value;

use super::simulation::Simulation;
use crate::clients::{Heard, Tokens};
use crate::kernel::TaskId;
use crate::kernel::world::Facts;

/// Why a request was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Purpose {
    Register {
        person: usize,
    },
    SignIn {
        person: usize,
    },
    SignOut {
        person: usize,
    },
    Erase {
        person: usize,
        user: Option<u64>,
    },
    Say {
        saying: usize,
    },
    /// Somebody is to be out of a room.
    PutOut {
        room: String,
        user: Option<u64>,
    },
    /// What a gap left out.
    CatchUp {
        person: usize,
        room: String,
    },
    Invite {
        person: usize,
    },
    /// A room is to be made or found.
    Room,
    Other,
}

/// What a piece of work came to.
#[derive(Debug)]
pub(crate) enum Done {
    Http { status: u16, body: Value },
    Connected { context: std::collections::BTreeMap<String, String>, answer: GatewayResponse },
    Gateway(GatewayResponse),
    Job { is_done: bool },
    Minute,
}

/// What work came to since the last look.
#[derive(Debug, Clone, Default)]
pub(crate) struct Outcomes(Arc<Mutex<Vec<(TaskId, Done)>>>);

impl Outcomes {
    pub(crate) fn put(&self, task: TaskId, done: Done) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push((task, done));
    }

    pub(crate) fn take(&self) -> Vec<(TaskId, Done)> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Simulation {
    /// A request was answered.
    pub(super) fn answered(&mut self, purpose: Purpose, (status, body): (u16, &Value), facts: &Facts) {
        if status >= 500 && !facts.is_faulted {
            self.world
                .violated("nothing fails without a fault", format_args!("{}: {status} {body}", facts.label));
        }
        self.check_code(status, body);
        let mut chance = crate::kernel::Chance::of(self.world.seed(), facts.began.unsigned_abs());
        if chance.one_in(self.world.faults().lost_response) {
            self.world.note(format_args!("that answer is lost"));
            return self.unanswered(&purpose);
        }
        let is_done = (200..300).contains(&status);
        match purpose {
            Purpose::Register { person } => self.registered(person, (status, body)),
            Purpose::SignIn { person } if status == 401 => self.turned_away(person),
            Purpose::SignIn { person } => self.signed_in(person, is_done.then_some(body)),
            Purpose::SignOut { person } if is_done => self.signed_out(person, None),
            Purpose::Erase { person, user } if is_done => self.signed_out(person, user),
            Purpose::Say { saying } => self.said(saying, status, body),
            Purpose::PutOut { room, user: Some(user) } if is_done => {
                let is_removal = facts.label.contains("/ban/") || facts.label.starts_with("DELETE");
                self.scene.ledger.is_out(&room, user, is_removal.then_some(facts.began));
            }
            Purpose::CatchUp { person, room } if is_done => drop(self.take_events(person, &room, body)),
            Purpose::Invite { person } if is_done => self.invited(person, body),
            _ if status == 401 => self.forget_tokens(facts),
            _ => {}
        }
    }

    /// A request whose answer never comes.
    pub(super) fn unanswered(&mut self, purpose: &Purpose) {
        match purpose {
            Purpose::Register { person } | Purpose::SignIn { person } => {
                if let Some(person) = self.scene.clients().people.get_mut(*person) {
                    person.is_busy = false;
                }
            }
            // They may be signed out, or gone, and find out when they ask for something.
            _ => {}
        }
    }

    fn check_code(&self, status: u16, body: &Value) {
        if status < 400 {
            return;
        }
        let code = body["code"].as_str().unwrap_or_default();
        if !parlor::protocol::ErrorCode::ALL.iter().any(|known| known.name() == code) {
            self.world.violated("every refusal is documented", format_args!("{status} {body}"));
        }
    }

    /// Who hears that their name is taken may have taken it themselves: they sign in.
    fn registered(&mut self, place: usize, (status, body): (u16, &Value)) {
        if let Some(person) = self.scene.clients().people.get_mut(place) {
            person.is_busy = false;
            if status == 409 {
                person.user = Some(0);
            }
            if let Some(id) = body["user"]["id"].as_u64() {
                person.user = Some(id);
            }
        }
    }

    /// The account is gone, as somebody who did not hear of it finds out.
    fn turned_away(&mut self, place: usize) {
        let mut clients = self.scene.clients();
        let Some(person) = clients.people.get_mut(place) else { return };
        (person.is_busy, person.tokens) = (false, None);
        if person.username.is_some() {
            person.begin_anew();
        }
    }

    fn signed_in(&mut self, place: usize, body: Option<&Value>) {
        let mut clients = self.scene.clients();
        let Some(person) = clients.people.get_mut(place) else { return };
        person.is_busy = false;
        let Some(body) = body else {
            person.tokens = None;
            return;
        };
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        person.user = body["id"].as_u64();
        person.tokens = Some(Tokens {
            access: text("access_token"),
            opaque: text("token"),
            refresh: text("refresh_token"),
        });
    }

    /// Whoever has signed out needs another token; whose account is gone, another account.
    fn signed_out(&mut self, place: usize, gone: Option<u64>) {
        let mut clients = self.scene.clients();
        let Some(person) = clients.people.get_mut(place) else { return };
        if let Some(user) = gone {
            self.scene.ledger.books().gone.insert(user);
        }
        // They may be somebody else by now.
        if gone.is_none() || gone == person.user {
            person.tokens = None;
        }
        if gone.is_some() && gone == person.user {
            person.begin_anew();
        }
    }

    fn said(&mut self, number: usize, status: u16, body: &Value) {
        let mut clients = self.scene.clients();
        let Some(saying) = clients.sayings.get_mut(number) else { return };
        match (status, body["id"].as_u64()) {
            (200..300, Some(id)) => saying.heard = Heard::Acknowledged(id),
            (400..500, _) if saying.heard == Heard::Nothing => saying.heard = Heard::Refused,
            _ => {}
        }
    }

    fn invited(&mut self, place: usize, body: &Value) {
        let token = body["token"].as_str().unwrap_or_default().to_owned();
        let mut clients = self.scene.clients();
        let people = clients.people.len();
        // Whoever comes next gets it.
        if let Some(person) = clients.people.get_mut((place + 1) % people.max(1)) {
            person.invitations.push(token);
        }
    }

    /// Whoever is told that they are not signed in signs in again when they want something.
    fn forget_tokens(&mut self, facts: &Facts) {
        let place =
            facts.label.split("by person ").nth(1).and_then(|rest| rest.split(' ').next()?.parse().ok());
        let place: Option<usize> = place;
        if let Some(person) =
            place.and_then(|place| Some(self.scene.clients().people.get_mut(place)?.tokens.take()))
        {
            drop(person);
        }
    }
}
