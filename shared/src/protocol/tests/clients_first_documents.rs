//! The payloads of the documents by which the first clients were written, as they stand there.

use serde_json::{Value, json};

use crate::ids::{EventId, UserId};
use crate::protocol::{
    Author, ChatCommand, ChatMessage, Dialect, Event, Passage, Ping, ShownRole, Timestamp, WatchCommand,
    samples,
};

#[test]
fn what_their_clients_send_is_understood() {
    let chat = [
        // Rooms' chat, from Kotlin and as its document shows it.
        r#"{"message": "Hello, world!", "message_type": "text"}"#,
        "{\n    \"message\": \"hello everyone\"\n}",
        // The inbox, from a browser.
        r#"{"type":"chat","message":"Hello from browser!"}"#,
        // Conversations, from Python and a browser.
        r#"{"type": "ping", "timestamp": "2024-01-01T00:00:00Z"}"#,
        r#"{"type":"ping","timestamp":"2024-01-01T00:00:00.000Z"}"#,
        r#"{"type": "join_conversation", "conversation_id": 123456789}"#,
        r#"{"type": "leave_conversation", "conversation_id": "123456789"}"#,
        r#"{"type": "new_message", "conversation_id": 123456789, "content": "hi"}"#,
        r#"{"type": "typing", "conversation_id": 123456789, "is_typing": true}"#,
        r#"{"type": "read_receipt", "conversation_id": 123456789, "message_id": 7}"#,
    ];
    for text in chat {
        assert_eq!(ChatCommand::parse(text).command.map(|_| ()), Ok(()), "{text}");
    }
    assert_eq!(
        Ping::parse(chat[3]).and_then(|ping| ping.timestamp).unwrap().json().get(),
        r#""2024-01-01T00:00:00Z""#
    );
    let watch = [
        (r#"{ "type": "PLAY", "time": 12.5 }"#, WatchCommand::Play { time: 12.5 }),
        (r#"{ "type": "PAUSE", "time": 0 }"#, WatchCommand::Pause { time: 0.0 }),
        (r#"{ "type": "SEEK", "time": 90 }"#, WatchCommand::Seek { time: 90.0 }),
    ];
    for (text, command) in watch {
        assert_eq!(WatchCommand::parse(text).command, Ok(command));
    }
    let said = WatchCommand::parse(r#"{ "type": "CHAT_MESSAGE", "message": "..." }"#).command;
    assert!(matches!(said, Ok(WatchCommand::Chat(ChatCommand::Send(message))) if message.text == "..."));
}

/// The answer to `{"message": "hello everyone"}`, with the fields in the order of the document.
#[test]
fn a_rooms_chat_answers_what_its_document_shows() {
    let author = Author {
        name: "Anagh".to_owned(),
        photo: Some(
            "http://res.cloudinary.com/dcbla9zbl/image/upload/v1739107362/lwfugihthelebahq8pbz.jpg"
                .to_owned(),
        ),
        id: UserId(1),
        role: ShownRole::Member,
    };
    let at = Timestamp::from_micros(1_739_639_252_256_110);
    let place = "2nd_year".parse::<crate::ids::RoomCode>().unwrap().into();
    let message = ChatMessage::new(EventId(43), place, author, "hello everyone".to_owned(), at);
    let sent = Event::Message(Box::new(message)).text(Dialect::Plain).unwrap();
    let documented = r#""message":"hello everyone","sender":{"name":"Anagh","photo":"http://res.cloudinary.com/dcbla9zbl/image/upload/v1739107362/lwfugihthelebahq8pbz.jpg","id":1,"role":"member"},"message_type":"text","id":43,"attachment":null,"created_at":"2025-02-15T17:07:32.256110+00:00","room":"2nd_year","#;
    assert!(sent.contains(documented), "{sent}");
}

#[test]
fn a_watch_room_hears_what_its_document_shows() {
    let fields: &[(&str, &[&str])] = &[
        ("USER_JOINED", &["user"]),
        ("USER_LEFT", &["user"]),
        ("ROOM_PARTICIPANTS", &["participants", "host"]),
        ("CHAT_MESSAGE", &["user", "message"]),
        ("CHAT_HISTORY", &["messages"]),
        ("PLAYBACK_STATE", &["is_playing", "time"]),
        ("ERROR", &["message"]),
    ];
    for (name, fields) in fields {
        let named: Vec<_> =
            samples::events().into_iter().filter(|event| event.name() == Some(name)).collect();
        assert!(!named.is_empty(), "{name}");
        for event in named {
            let sent: Value = serde_json::from_str(&event.text(Dialect::Watch).unwrap()).unwrap();
            assert_eq!(sent["type"], *name);
            fields.iter().for_each(|field| assert!(!sent[field].is_null(), "{name}: {field}"));
        }
    }
    let place = "kino".parse::<crate::ids::RoomCode>().unwrap().into();
    let joined = Event::UserJoined(Passage { user: "Ann".to_owned(), user_id: UserId(1), place });
    let sent: Value = serde_json::from_str(&joined.text(Dialect::Watch).unwrap()).unwrap();
    assert_eq!(sent, json!({"type": "USER_JOINED", "user": "Ann", "user_id": 1, "room": "kino"}));
}
