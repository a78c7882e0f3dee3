//! What clients may spell in several ways, and what no parser should trip over.

use crate::ids::{EventId, UserId};
use crate::protocol::{
    AttachmentRef, ChatCommand, ErrorCode, MAX_MENTIONS, MediaSource, PersonRef, PlayerEvent, Refusal,
    Request, SendMessage, WatchCommand,
};

fn parsed(text: &str) -> ChatCommand {
    ChatCommand::parse(text).command.unwrap_or_else(|refusal| panic!("{text}: {refusal:?}"))
}

fn message(text: &str) -> SendMessage {
    match parsed(text) {
        ChatCommand::Send(message) => message,
        other => panic!("{text}: {other:?}"),
    }
}

fn refused(text: &str) -> ErrorCode {
    ChatCommand::parse(text).command.expect_err(text).code
}

#[test]
fn action_is_read_as_the_type_where_there_is_none_and_a_message_alone_is_chat() {
    assert_eq!(parsed(r#"{"action":"typing"}"#), ChatCommand::Typing { is_typing: true });
    assert_eq!(parsed(r#"{"action":"PLAY","type":"typing"}"#), ChatCommand::Typing { is_typing: true });
    assert_eq!(parsed(r#"{"type":null,"action":"stop_typing"}"#), ChatCommand::Typing { is_typing: false });
    assert_eq!(message(r#"{"message":"hi"}"#).text, "hi");
    assert_eq!(message(r#"{"content":"hi"}"#).text, "hi");
    assert_eq!(message(r#"{"type":"chat","content":"hi","message":null}"#).text, "hi");
}

#[test]
fn stop_typing_is_false_whatever_it_says_besides() {
    let stop = r#"{"type":"stop_typing","is_typing":true}"#;
    assert_eq!(parsed(stop), ChatCommand::Typing { is_typing: false });
    let end = r#"{"type":"typing","is_typing":false}"#;
    assert_eq!(parsed(end), ChatCommand::Typing { is_typing: false });
}

#[test]
fn all_four_names_of_a_room_are_read_everywhere_as_texts_and_as_numbers() {
    for name in ["code", "room", "room_id", "conversation_id"] {
        for (value, code) in [(r#""Kino-7""#, "Kino-7"), ("17", "17"), (r#""17""#, "17")] {
            for rest in
                [r#""type":"typing""#, r#""message":"hi""#, r#""type":"PLAY","time":1"#, r#""type":"dance""#]
            {
                let text = format!(r#"{{{rest},"{name}":{value}}}"#);
                let room = WatchCommand::parse(&text).regarding.room.unwrap();
                assert_eq!(room.as_str(), code, "{text}");
            }
        }
        for value in [r#""a b""#, r#""""#, "-1", "1.5", "{}", "true"] {
            let text = format!(r#"{{"type":"typing","{name}":{value}}}"#);
            let request = ChatCommand::parse(&text);
            assert_eq!(request.command.unwrap_err().field.unwrap().0, name, "{text}");
            assert_eq!(request.regarding.room, None);
        }
    }
}

#[test]
fn a_receiver_is_named_by_either_name_as_a_number_or_a_text() {
    for text in [r#""receiver_id":7"#, r#""receiver":"7""#, r#""receiver":null,"receiver_id":"7""#] {
        let expected = Some(PersonRef::Number(UserId(7)));
        assert_eq!(message(&format!(r#"{{"message":"hi",{text}}}"#)).receiver, expected, "{text}");
    }
    let named = message(r#"{"message":"hi","receiver":"bob"}"#).receiver;
    assert_eq!(named, Some(PersonRef::Name("bob".into())));
    assert_eq!(message(r#"{"message":"hi","receiver":null}"#).receiver, None);
}

#[test]
fn an_edit_says_what_it_says_now_under_several_names() {
    for name in ["new_content", "message", "content"] {
        let text = format!(r#"{{"type":"edit_message","message_id":"7","{name}":"bye"}}"#);
        let expected = ChatCommand::Edit { message_id: EventId(7), text: "bye".to_owned() };
        assert_eq!(parsed(&text), expected);
    }
}

#[test]
fn what_is_no_json_object_is_malformed() {
    let deep = format!(r#"{{"message":{}1{}"#, "[".repeat(20_000), "]".repeat(20_000));
    let texts = [
        "",
        " ",
        "hello",
        "null",
        "7",
        "[]",
        r#"["message"]"#,
        r#""message""#,
        "{",
        r#"{"message":"hi""#,
        r#"{"message":"he said "hi""}"#,
        r#"{"message":"hi"} {"message":"hi"}"#,
        "{\"message\":\"line\nbreak\"}",
        "{'message':'hi'}",
        r#"{"message":"hi",}"#,
        "\u{feff}{}",
        r#"{"message":"\x"}"#,
        &deep,
    ];
    for text in texts {
        let Request { regarding, command } = ChatCommand::parse(text);
        assert_eq!(command, Err(Refusal { code: ErrorCode::Malformed, field: None }), "{text:.80}");
        assert_eq!(regarding, Default::default());
    }
}

#[test]
fn an_unknown_type_is_refused_and_its_name_repeated_within_reason() {
    let named = |text: &str| {
        let request = ChatCommand::parse(text);
        assert_eq!(request.command.expect_err(text).code, ErrorCode::UnknownType);
        request.regarding.name.map(String::from)
    };
    assert_eq!(named("{}"), None);
    assert_eq!(named(r#"{"room":"kino"}"#), None);
    assert_eq!(named(r#"{"type":"Dance","message":"hi"}"#).as_deref(), Some("Dance"));
    assert_eq!(named(r#"{"type":7}"#).as_deref(), Some("7"));
    assert_eq!(named(r#"{"type":""}"#).as_deref(), Some(""));
    assert_eq!(named(r#"{"type":"pingé"}"#).as_deref(), Some("pingé"));
    let long = named(&format!(r#"{{"type":"{}"}}"#, "é".repeat(9000))).unwrap();
    assert_eq!(long, "é".repeat(64));
}

#[test]
fn a_message_needs_a_text_or_a_file_and_has_at_most_4000_characters() {
    for empty in [r#"{"type":"chat"}"#, r#"{"message":""}"#, r#"{"message":" \n\t"}"#, r#"{"message":null}"#]
    {
        assert_eq!(refused(empty), ErrorCode::Empty, "{empty}");
    }
    let file = message(r#"{"message":"","attachment":"904cb473-5d17-4885-9363-46f466a7d140"}"#);
    assert!(matches!(file.attachment, Some(AttachmentRef::Medium(_))) && file.text.is_empty());
    let url = message(r#"{"type":"chat","attachment":"https://parlor.example/media/x.png"}"#);
    assert_eq!(url.attachment, Some(AttachmentRef::Url("https://parlor.example/media/x.png".to_owned())));
    assert_eq!(refused(r#"{"message":"","attachment":""}"#), ErrorCode::Empty);
    for character in ["x", "é", "🎬", "\\u0000", "\\\""] {
        let text = |count| format!(r#"{{"message":"{}"}}"#, character.repeat(count));
        assert_eq!(message(&text(4000)).text.chars().count(), 4000);
        assert_eq!(refused(&text(4001)), ErrorCode::TooLong);
    }
    let edit = format!(r#"{{"type":"edit_message","message_id":7,"message":"{}"}}"#, "x".repeat(4001));
    assert_eq!(refused(&edit), ErrorCode::TooLong);
}

#[test]
fn lists_and_texts_have_bounds() {
    let mentioning = |count: usize| {
        let ids: Vec<_> = (1..=count).map(|id| id.to_string()).collect();
        format!(r#"{{"message":"hi","mentions":[{}]}}"#, ids.join(","))
    };
    assert_eq!(message(&mentioning(MAX_MENTIONS)).mentions.len(), 50);
    assert_eq!(refused(&mentioning(MAX_MENTIONS + 1)), ErrorCode::InvalidInput);
    let reacting =
        |reaction: &str| format!(r#"{{"type":"react_message","message_id":7,"reaction":"{reaction}"}}"#);
    assert!(matches!(parsed(&reacting(&"🎉".repeat(32))), ChatCommand::React(_)));
    assert_eq!(refused(&reacting(&"x".repeat(33))), ErrorCode::InvalidInput);
    let named = |id: &str| format!(r#"{{"message":"hi","client_msg_id":"{id}"}}"#);
    assert!(message(&named(&"é".repeat(64))).client_msg_id.is_some());
    assert_eq!(refused(&named(&"x".repeat(65))), ErrorCode::InvalidInput);
    assert_eq!(refused(&named("clear#07")), ErrorCode::InvalidInput, "as clears are named");
    let ping = |length: usize| format!(r#"{{"type":"ping","timestamp":"{}"}}"#, "x".repeat(length));
    assert!(matches!(parsed(&ping(1022)), ChatCommand::Ping(_)));
    assert_eq!(refused(&ping(1023)), ErrorCode::InvalidInput);
}

#[test]
fn of_a_field_that_comes_twice_the_last_one_counts_and_unknown_fields_are_ignored() {
    assert_eq!(message(r#"{"message":"a","message":"b","shout":{"deep":[[[]]]}}"#).text, "b");
    assert_eq!(message(r#"{"mess\u0061ge":"a\u0062"}"#).text, "ab");
}

#[test]
fn what_is_to_be_watched_is_a_medium_a_providers_video_or_a_url() {
    let source =
        |fields: &str| match WatchCommand::parse(&format!(r#"{{"type":"set_media",{fields}}}"#)).command {
            Ok(WatchCommand::SetMedia(choice)) => choice.source,
            other => panic!("{fields}: {other:?}"),
        };
    let medium = source(r#""media_id":"904cb473-5d17-4885-9363-46f466a7d140","url":"x""#);
    assert!(matches!(medium, MediaSource::Medium(_)));
    let video = MediaSource::Video { provider: "youtube".to_owned(), video_id: "dQw4w9WgXcQ".to_owned() };
    assert_eq!(source(r#""provider":"youtube","video_id":"dQw4w9WgXcQ""#), video);
    assert_eq!(
        source(r#""url":"https://x.example/a.mp4""#),
        MediaSource::Url("https://x.example/a.mp4".to_owned())
    );
    let lacking = |fields: &str| {
        let refusal = WatchCommand::parse(&format!(r#"{{"type":"queue_add"{fields}}}"#)).command.unwrap_err();
        refusal.field.unwrap().0
    };
    assert_eq!((lacking(""), lacking(r#","provider":"youtube""#)), ("url", "video_id"));
}

#[test]
fn numbers_of_players_that_cannot_be_count_as_missing() {
    let event = |data: &str| match WatchCommand::parse(&format!(r#"{{"type":"PLAYER_EVENT","data":{data}}}"#))
        .command
    {
        Ok(WatchCommand::PlayerEvent(event)) => event,
        other => panic!("{data}: {other:?}"),
    };
    let ended = |current_time, duration, progress| PlayerEvent {
        event: "ended".to_owned(),
        current_time,
        duration,
        progress,
        item: None,
    };
    let all = event(r#"{"event":"ended","currentTime":1,"duration":2.5,"progress":40}"#);
    assert_eq!(all, ended(Some(1.0), Some(2.5), Some(40.0)));
    let none = event(r#"{"event":"ended","currentTime":-1,"duration":null,"progress":"x","season":1}"#);
    assert_eq!(none, ended(None, None, None));
}
