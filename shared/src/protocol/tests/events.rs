//! Which fields each event has and who hears it, by the table.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::table::{CODES, EVENTS, rows, words};
use crate::protocol::{Dialect, ErrorCode, Event, samples};

type Names = BTreeSet<String>;

fn named(name: &str) -> Vec<Event> {
    samples::events().into_iter().filter(|event| event.name() == Some(name)).collect()
}

fn sent(event: &Event, dialect: Dialect) -> Map<String, Value> {
    serde_json::from_str(&event.text(dialect).unwrap()).unwrap()
}

/// The fields of an event beside its type and what goes with its room.
fn fields(event: &Event, dialect: Dialect) -> Names {
    let always = ["type", "room", "receiver_id"];
    sent(event, dialect).into_iter().map(|(name, _)| name).filter(|name| !always.contains(&&**name)).collect()
}

#[test]
fn the_table_has_every_event_and_every_event_has_a_sample() {
    let listed: BTreeSet<_> = rows::<5>(EVENTS).into_iter().map(|[name, ..]| name).collect();
    assert_eq!(listed, Event::NAMES.iter().copied().collect());
    for name in Event::NAMES {
        assert!(!named(name).is_empty(), "{name}");
    }
}

#[test]
fn each_event_has_the_fields_of_the_table() {
    for [name, _, _, _, listed] in rows(EVENTS) {
        let all: Names = words(listed).iter().map(|field| field.trim_end_matches('?').to_owned()).collect();
        let always: Names = words(listed)
            .iter()
            .filter(|field| !field.ends_with('?'))
            .map(|field| (*field).to_owned())
            .collect();
        let samples: Vec<Names> = named(name).iter().map(|event| fields(event, Dialect::Watch)).collect();
        let ever = samples.iter().fold(Names::new(), |known, fields| &known | fields);
        let everywhere = samples.iter().fold(ever.clone(), |known, fields| &known & fields);
        assert_eq!(ever, all, "{name}: with all that may be there");
        assert_eq!(everywhere, always, "{name}: with what must be there alone");
    }
}

#[test]
fn each_event_is_told_to_those_of_the_table() {
    for [name, inbox, chat, room, _] in rows(EVENTS) {
        // The inbox's dialect is that of conversations as well, which are told what all chats are.
        let inbox = inbox == "yes" || chat == "all";
        let (plain, full) = (chat == "yes", chat != "no");
        for event in named(name) {
            let told = |dialect| event.text(dialect).is_some();
            let as_listed = [
                (Dialect::Inbox, inbox),
                (Dialect::Plain, plain),
                (Dialect::Full, full),
                (Dialect::Watch, room == "yes"),
            ];
            for (dialect, listed) in as_listed {
                assert_eq!(told(dialect), listed, "{name}: {dialect:?}");
            }
        }
    }
}

#[test]
fn every_event_of_a_room_names_it_and_the_inbox_names_it_as_a_conversation_too() {
    for event in samples::events() {
        let Some(room) = event.room() else { continue };
        for dialect in event.dialects() {
            let fields = sent(&event, *dialect);
            assert_eq!(fields["room"], room.as_str(), "{event:?}");
            let conversation = fields.get("conversation_id");
            let has_one = *dialect == Dialect::Inbox || matches!(event, Event::Joined(_));
            assert_eq!(conversation.is_some(), has_one, "{event:?}: {dialect:?}");
            if let (Some(conversation), "123456789") = (conversation, room.as_str()) {
                assert_eq!(*conversation, 123_456_789);
            }
        }
    }
}

#[test]
fn only_what_is_kept_in_the_log_has_an_id() {
    let logged = ["CHAT_MESSAGE", "MESSAGE_EDITED", "MESSAGE_DELETED", "MESSAGE_REACTED", "CHAT_CLEARED"];
    for event in samples::events() {
        let has_id = sent(&event, Dialect::Watch).contains_key("id");
        assert_eq!(has_id, logged.contains(&event.name().unwrap()), "{event:?}");
    }
}

#[test]
fn every_code_of_the_table_has_its_status() {
    for [status, codes] in rows(CODES) {
        for name in words(codes) {
            let code =
                ErrorCode::ALL.iter().find(|code| code.name() == name).unwrap_or_else(|| panic!("{name}"));
            assert_eq!(code.status().to_string(), status, "{name}");
        }
    }
}
