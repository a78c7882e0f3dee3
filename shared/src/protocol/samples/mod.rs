//! One or two of each event, and of each message of a client's: what tests hold against the contract's tables, and what the
//! description of the sockets shows as examples.

mod chat;
mod client;
mod rooms;
mod watch;

pub use client::{Say, client_messages};

use super::{Author, Event, Person, Place, ShownRole, Timestamp};
use crate::ids::{RoomCode, UserId};

/// All events that have a type: of those with fields that may be missing, one with and one without.
pub fn events() -> Vec<Event> {
    [chat::events(), rooms::events(), watch::events()].into_iter().flatten().collect()
}

/// A moment in February 2025, so many seconds after another.
fn moment(seconds: i64) -> Timestamp {
    Timestamp::from_micros(1_739_639_252_256_110 + seconds * 1_000_000)
}

/// A room's code; samples have no other.
fn code(code: &str) -> RoomCode {
    // Every code below is one.
    code.parse().unwrap_or_else(|_| unreachable!("{code} is a room's code"))
}

fn cinema() -> Place {
    code("Kino-7").into()
}

/// A conversation of two, as seen by what the first one does.
fn pair() -> Place {
    Place { room: code("123456789"), receiver_id: Some(UserId(2)) }
}

fn anagh() -> Author {
    let photo = Some("https://parlor.example/media/avatar-07070707070707070707070707070707.jpg".to_owned());
    Author { name: "Anagh".to_owned(), photo, id: UserId(1), role: ShownRole::Member }
}

fn host() -> Author {
    Author { name: "Zoë".to_owned(), photo: None, id: UserId(3), role: ShownRole::Admin }
}

fn person(author: Author, is_host: bool) -> Person {
    let Author { name, photo, id, role } = author;
    Person { id, display_name: name, photo, role, is_host, is_cohost: false, is_guest: false }
}
