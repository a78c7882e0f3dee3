//! Rooms and the people in them.

use super::{anagh, cinema, host, moment, pair, person};
use crate::ids::UserId;
use crate::protocol::{
    Announcement, Event, HostChanged, HostDisconnected, HostReconnected, JoinNotice, MemberUpdated,
    NamedPerson, Passage, RetentionBody, RoomChanges, RoomDeleted, RoomParticipants, RoomUpdated, ShownRole,
};

pub(super) fn events() -> Vec<Event> {
    [people(), joining(), hosts(), room()].into_iter().flatten().collect()
}

fn people() -> Vec<Event> {
    let present = vec![person(anagh(), false), person(host(), true)];
    let named = NamedPerson { id: UserId(3), name: "Zoë".to_owned() };
    let passage = || Passage { user: "Anagh".to_owned(), user_id: UserId(1), place: cinema() };
    vec![
        Event::Participants(RoomParticipants::fitting(cinema(), Some(named), present, 2)),
        Event::UserJoined(passage()),
        Event::UserLeft(passage()),
        Event::MemberUpdated(MemberUpdated {
            user_id: UserId(1),
            user: "Anagh".to_owned(),
            photo: None,
            role: ShownRole::Member,
            is_cohost: false,
            muted_until: Some(moment(600)),
            place: cinema(),
        }),
    ]
}

fn joining() -> Vec<Event> {
    let notice = || JoinNotice { user: "Anagh".to_owned(), user_id: UserId(1), place: cinema() };
    vec![Event::JoinRequested(notice()), Event::JoinApproved(notice()), Event::JoinDenied(notice())]
}

fn hosts() -> Vec<Event> {
    let changed = HostChanged { host: "Anagh".to_owned(), host_id: UserId(1), place: cinema() };
    vec![
        Event::HostDisconnected(HostDisconnected { grace_seconds: 30, place: cinema() }),
        Event::HostReconnected(HostReconnected { place: cinema() }),
        Event::HostChanged(changed),
    ]
}

fn room() -> Vec<Event> {
    let changes = RoomChanges {
        name: Some("Film night".to_owned()),
        is_chat_enabled: Some(false),
        capacity: Some(None),
        retention: Some(Some(RetentionBody { days: Some(30), messages: None })),
        ..RoomChanges::default()
    };
    let text = "We move to another server at 10 pm.".to_owned();
    vec![
        Event::RoomUpdated(RoomUpdated { changes, place: cinema() }),
        Event::RoomDeleted(RoomDeleted { place: pair() }),
        Event::Announcement(Announcement { text: text.clone(), place: Some(cinema()) }),
        Event::Announcement(Announcement { text, place: None }),
    ]
}
