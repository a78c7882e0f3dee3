//! How one event is spelled for different clients.

use serde_json::{Value, json};

use crate::ids::RoomCode;
use crate::protocol::{Dialect, Event, Frames, OwnFrames, conversation_number, samples};

fn named(name: &str) -> Event {
    samples::events().into_iter().find(|event| event.name() == Some(name)).unwrap()
}

fn sent(frames: &Frames, dialect: Dialect) -> Value {
    serde_json::from_str(frames.get(dialect).unwrap().as_str()).unwrap()
}

#[test]
fn a_message_is_called_otherwise_on_the_inbox() {
    let frames = named("CHAT_MESSAGE").frames();
    assert_eq!(sent(&frames, Dialect::Inbox)["type"], "new_message");
    for dialect in [Dialect::Plain, Dialect::Numbered, Dialect::Full, Dialect::Watch] {
        assert_eq!(sent(&frames, dialect)["type"], "CHAT_MESSAGE");
    }
    assert_eq!(frames.get(Dialect::Feed), None);
}

#[test]
fn apps_whose_rooms_are_numbers_know_some_events_as_actions() {
    let action = |name| sent(&named(name).frames(), Dialect::Numbered);
    let sender =
        |photo: Option<&str>, name, id, role| json!({"name": name, "photo": photo, "id": id, "role": role});
    let anagh = sender(
        Some("https://parlor.example/media/avatar-07070707070707070707070707070707.jpg"),
        "Anagh",
        1,
        "member",
    );
    let typing = json!({"action": "typing", "sender": anagh, "is_typing": true, "room": "123456789"});
    assert_eq!(action("typing"), typing);
    let edited = json!({"action": "edited", "id": 43, "sender": anagh, "new_content": "Hello, everyone", "room": "Kino-7"});
    assert_eq!(action("MESSAGE_EDITED"), edited);
    let deleted =
        json!({"action": "deleted", "id": 43, "sender": sender(None, "Zoë", 3, "admin"), "room": "Kino-7"});
    assert_eq!(action("MESSAGE_DELETED"), deleted);
    let reacted = json!({"action": "reacted", "id": 43, "sender": anagh, "reactions": {"👍": 2, "🎬": 1}, "room": "Kino-7"});
    assert_eq!(action("MESSAGE_REACTED"), reacted);
}

#[test]
fn nothing_but_messages_answers_and_errors_goes_to_clients_that_know_no_more() {
    let mut known: Vec<_> = samples::events()
        .iter()
        .filter(|event| event.frame(Dialect::Plain).is_some())
        .filter_map(Event::name)
        .collect();
    known.dedup();
    assert_eq!(
        known,
        ["CHAT_MESSAGE", "conversation_joined", "RESUMED", "RESUME_FAILED", "ERROR", "pong", "HEARTBEAT"]
    );
}

#[test]
fn ones_own_copy_of_a_message_says_so_and_is_the_same_otherwise() {
    let event = named("CHAT_MESSAGE");
    let OwnFrames::Copy(own) = event.own_frames() else { panic!("a message has a copy of its own") };
    for dialect in event.dialects() {
        let (common, mut own) = (sent(&event.frames(), *dialect), sent(&own, *dialect));
        assert_eq!((&common["is_self"], &own["is_self"]), (&json!(false), &json!(true)));
        own["is_self"] = json!(false);
        assert_eq!(own, common);
    }
}

#[test]
fn one_is_not_told_that_one_types_comes_and_goes() {
    for name in ["typing", "USER_JOINED", "USER_LEFT"] {
        assert_eq!(named(name).own_frames(), OwnFrames::Nothing, "{name}");
    }
    for name in ["read_receipt", "MESSAGE_EDITED", "PLAYBACK_STATE"] {
        assert_eq!(named(name).own_frames(), OwnFrames::Same, "{name}");
    }
}

#[test]
fn frames_are_what_each_dialect_is_sent_and_dialects_share_them() {
    for event in samples::events() {
        let frames = event.frames();
        for dialect in Dialect::ALL {
            let text = frames.get(dialect).map(|frame| frame.as_str().to_owned());
            assert_eq!(text, event.text(dialect), "{event:?}: {dialect:?}");
        }
        assert_eq!(event.checked_frames(), Ok(frames));
    }
    let frames = named("CHAT_MESSAGE").frames();
    let place = |dialect| frames.get(dialect).unwrap().as_str().as_ptr();
    assert_eq!(place(Dialect::Plain), place(Dialect::Watch));
}

#[test]
fn a_deleted_message_keeps_nothing_but_its_place() {
    let deleted = samples::events().into_iter().rfind(|event| event.name() == Some("CHAT_MESSAGE")).unwrap();
    let sent = sent(&deleted.frames(), Dialect::Watch);
    let expected = json!({"deleted": true, "replayed": true, "message": "", "attachment": null, "media": null, "reactions": {}});
    expected
        .as_object()
        .unwrap()
        .iter()
        .for_each(|(field, value)| assert_eq!(sent[field], *value, "{field}"));
}

#[test]
fn a_room_of_digits_is_the_id_of_a_conversation_as_a_number() {
    let number = |code: &str| conversation_number(&code.parse::<RoomCode>().unwrap());
    assert_eq!(
        (number("123456789"), number("0"), number("999999999999999")),
        (Some(123_456_789), Some(0), Some(999_999_999_999_999))
    );
    for code in ["Kino-7", "007", "1000000000000000", "-7", "1_0"] {
        assert_eq!(number(code), None, "{code}");
    }
}

#[test]
fn what_people_write_is_in_no_log() {
    for event in samples::events() {
        let shown = format!("{event:?}");
        assert!(!shown.contains("everyone") && !shown.contains("Anagh"), "{shown}");
    }
}
