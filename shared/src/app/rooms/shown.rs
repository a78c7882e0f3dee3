//! People and rooms in the form in which events show them.

use crate::app::Settings;
use crate::domain::rooms::{RoomKind, RoomRole};
use crate::ids::UserId;
use crate::protocol::{Author, Person, Place, ShownRole};
use crate::store::{Member, Room};

/// The name of somebody whose account is gone.
pub(in crate::app) const GONE: &str = "Deleted user";

/// A room as the events of somebody's doing name it.
pub(in crate::app) fn place(room: &Room, actor: Option<UserId>) -> Place {
    let actor = actor.filter(|_| room.kind == RoomKind::Pair);
    let other = |actor| room.people.iter().copied().find(|person| *person != actor);
    Place { room: room.code.clone(), receiver_id: actor.and_then(other) }
}

/// What others see of a member's rights.
pub(in crate::app) fn shown_role(room: &Room, member: &Member) -> ShownRole {
    let is_admin = room.host == Some(member.user) || member.role != RoomRole::Member || member.is_site_admin;
    if is_admin { ShownRole::Admin } else { ShownRole::Member }
}

/// A member as who says or does something.
pub(in crate::app) fn author(settings: &Settings, room: &Room, member: &Member) -> Author {
    let is_gone = member.name.is_empty();
    Author {
        name: if is_gone { GONE.to_owned() } else { member.name.clone() },
        photo: member.picture.as_ref().filter(|_| !is_gone).map(|name| media_url(settings, name)),
        id: member.user,
        role: shown_role(room, member),
    }
}

/// Somebody of whom nothing is left but the number.
pub(in crate::app) fn nobody(user: UserId) -> Author {
    Author { name: GONE.to_owned(), photo: None, id: user, role: ShownRole::Member }
}

/// A member as one of those who are there.
pub(in crate::app) fn person(settings: &Settings, room: &Room, member: &Member) -> Person {
    let shown = author(settings, room, member);
    let is_host = room.host == Some(member.user);
    Person {
        id: shown.id,
        display_name: shown.name,
        photo: shown.photo,
        role: shown.role,
        is_host,
        is_cohost: member.role == RoomRole::CoHost && !is_host,
        is_guest: member.is_guest,
    }
}

/// Where bytes of that name are served.
pub(in crate::app) fn media_url(settings: &Settings, name: &str) -> String {
    format!("{}/media/{name}", settings.public_url)
}
