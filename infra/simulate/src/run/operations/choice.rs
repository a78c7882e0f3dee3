//! Which room, whom, which message: mostly one that makes sense.

use crate::clients::Kind;
use crate::kernel::Chance;
use crate::run::simulation::Simulation;

/// How far back messages are that something is done to.
const RECENT: usize = 12;

/// What a socket in a room may be.
pub(super) fn kind(chance: &mut Chance, room: &str) -> Kind {
    let is_conversation = room.len() == 9 && room.bytes().all(|byte| byte.is_ascii_digit());
    match chance.below(8) {
        0..6 if is_conversation => Kind::Conversation,
        0..4 => Kind::Watch,
        4 => Kind::Chat { all: false },
        5 => Kind::Conversation,
        _ => Kind::Chat { all: true },
    }
}

impl Simulation {
    /// A room of somebody's, or now and then any.
    pub(super) fn room(&self, person: usize, chance: &mut Chance) -> Option<String> {
        let user = self.person(person)?.user?;
        let books = self.scene.ledger.books();
        let now = self.world.now();
        // Mostly where there is a host: of conversations there are many.
        let is_hosted = chance.below(10) < 7;
        let own = books.rooms.iter().filter(|(_, room)| room.is_active() && room.is_in(user, now));
        let own: Vec<&String> =
            own.filter(|(_, room)| !is_hosted || room.host().is_some()).map(|(code, _)| code).collect();
        if chance.below(8) > 0
            && let Some(room) = chance.pick(&own)
        {
            return Some((*room).clone());
        }
        drop(books);
        self.any_room(chance)
    }

    /// Any room, closed ones now and then.
    pub(super) fn any_room(&self, chance: &mut Chance) -> Option<String> {
        let books = self.scene.ledger.books();
        let is_closed_fine = chance.one_in(12);
        let rooms =
            books.rooms.iter().filter(|(_, room)| room.is_active() || is_closed_fine && room.meta.is_some());
        let is_hosted = chance.below(10) < 8;
        let rooms = rooms.filter(|(_, room)| !is_hosted || room.host().is_some());
        let rooms: Vec<&String> = rooms.map(|(code, _)| code).collect();
        chance.pick(&rooms).map(|room| (*room).clone())
    }

    /// Everybody who is in a room and signed in.
    pub(super) fn members_of(&self, room: &str) -> Vec<usize> {
        let (clients, books) = (self.scene.clients(), self.scene.ledger.books());
        let Some(room) = books.rooms.get(room) else { return Vec::new() };
        let is_in = |user: Option<u64>| user.is_some_and(|user| room.is_in(user, self.world.now()));
        let people = clients.people.iter().enumerate();
        let people = people.filter(|(place, _)| !self.plan.absent.contains(place));
        people
            .filter(|(_, person)| person.tokens.is_some() && is_in(person.user))
            .map(|(place, _)| place)
            .collect()
    }

    /// The rooms with a host in which somebody is not.
    pub(super) fn rooms_without(&self, user: u64) -> Vec<String> {
        let books = self.scene.ledger.books();
        let rooms = books.rooms.iter().filter(|(_, room)| room.is_active() && room.host().is_some());
        let rooms = rooms.filter(|(_, room)| !room.is_in(user, self.world.now()));
        rooms.map(|(code, _)| code.clone()).collect()
    }

    pub(super) fn rooms_in_use(&self) -> usize {
        let books = self.scene.ledger.books();
        books.rooms.values().filter(|room| room.is_active() && room.host().is_some()).count()
    }

    /// Who mostly may do what hosts do: the host of a room, or a person who is there.
    pub(super) fn host_or(&self, person: usize, room: &str, chance: &mut Chance) -> usize {
        if chance.one_in(5) {
            return person;
        }
        let host = self.scene.ledger.books().rooms.get(room).and_then(|room| room.host());
        let clients = self.scene.clients();
        let place = clients.people.iter().position(|person| person.user == host && person.tokens.is_some());
        place.filter(|place| host.is_some() && !self.plan.absent.contains(place)).unwrap_or(person)
    }

    /// Somebody of whom a room knows, or anybody.
    pub(super) fn somebody(&self, room: &str, chance: &mut Chance) -> Option<u64> {
        let books = self.scene.ledger.books();
        let book = books.rooms.get(room)?;
        // Nobody acts on the host.
        let known: Vec<u64> =
            book.members.keys().copied().filter(|user| book.host() != Some(*user)).collect();
        if chance.below(6) > 0
            && let Some(user) = chance.pick(&known)
        {
            return Some(*user);
        }
        drop(books);
        self.anybody(chance)
    }

    pub(super) fn anybody(&self, chance: &mut Chance) -> Option<u64> {
        let people: Vec<u64> = self.scene.clients().people.iter().filter_map(|person| person.user).collect();
        chance.pick(&people).copied()
    }

    /// A message of a room, mostly a new one.
    pub(super) fn message(&self, room: &str, user: Option<u64>, chance: &mut Chance) -> Option<u64> {
        let books = self.scene.ledger.books();
        let log = &books.rooms.get(room)?.log;
        let is_right = |author: Option<u64>| user.is_none() || author == user;
        let messages = log.iter().rev().filter(|(_, entry)| entry.kind == "m" && is_right(entry.author));
        let recent: Vec<u64> = messages.take(RECENT).map(|(id, _)| *id).collect();
        chance.pick(&recent).copied()
    }
}
