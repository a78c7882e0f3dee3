//! What clients say.

/// A message of a client's.
#[derive(Debug, Clone, Copy)]
pub struct Say {
    /// Its type, as the contract writes it first.
    pub name: &'static str,
    /// It with all that it may have.
    pub text: &'static str,
}

/// One of each type.
pub fn client_messages() -> &'static [Say] {
    MESSAGES
}

const fn say(name: &'static str, text: &'static str) -> Say {
    Say { name, text }
}

const MESSAGES: &[Say] = &[
    say("ping", r#"{"type": "ping", "timestamp": "2024-01-01T00:00:00Z"}"#),
    say(
        "CHAT_MESSAGE",
        r#"{"type": "CHAT_MESSAGE", "message": "hello everyone", "message_type": "text", "attachment": null, "reply_to": 42, "mentions": [2], "client_msg_id": "c-1"}"#,
    ),
    say("edit_message", r#"{"type": "edit_message", "message_id": 43, "new_content": "Hello, everyone"}"#),
    say("delete_message", r#"{"type": "delete_message", "message_id": 43}"#),
    say("react_message", r#"{"type": "react_message", "message_id": 43, "reaction": "👍", "on": true}"#),
    say("join_conversation", r#"{"type": "join_conversation", "conversation_id": 123456789, "since": 40}"#),
    say("leave_conversation", r#"{"type": "leave_conversation", "conversation_id": 123456789}"#),
    say("typing", r#"{"type": "typing", "is_typing": true}"#),
    say("stop_typing", r#"{"type": "stop_typing"}"#),
    say("read_receipt", r#"{"type": "read_receipt", "message_id": 43}"#),
    say("PLAY", r#"{"type": "PLAY", "time": 12.5}"#),
    say("PAUSE", r#"{"type": "PAUSE", "time": 12.5}"#),
    say("SEEK", r#"{"type": "SEEK", "time": 12.5}"#),
    say("SET_RATE", r#"{"type": "SET_RATE", "rate": 1.25}"#),
    say(
        "SET_MEDIA",
        r#"{"type": "SET_MEDIA", "provider": "youtube", "video_id": "dQw4w9WgXcQ", "title": "The Third Man", "duration": 5580}"#,
    ),
    say(
        "QUEUE_ADD",
        r#"{"type": "QUEUE_ADD", "url": "https://example.com/film.mp4", "title": "The Third Man", "duration": 5580}"#,
    ),
    say("QUEUE_REMOVE", r#"{"type": "QUEUE_REMOVE", "item": "i-1"}"#),
    say("QUEUE_MOVE", r#"{"type": "QUEUE_MOVE", "item": "i-1", "before": "i-2"}"#),
    say("QUEUE_NEXT", r#"{"type": "QUEUE_NEXT"}"#),
    say("READY", r#"{"type": "READY", "version": 8}"#),
    say(
        "SYNC_CHECK",
        r#"{"type": "SYNC_CHECK", "client_time": 12.5, "client_sent_at": "2025-02-15T17:07:32.256110+00:00"}"#,
    ),
    say(
        "PLAYER_EVENT",
        r#"{"type": "PLAYER_EVENT", "data": {"event": "timeupdate", "currentTime": 12.5, "duration": 5580, "progress": 0.2}, "item": "i-1"}"#,
    ),
    say("MUTE_USER", r#"{"type": "MUTE_USER", "user_id": 2, "seconds": 600}"#),
    say("KICK_USER", r#"{"type": "KICK_USER", "user_id": 2}"#),
    say("BAN_USER", r#"{"type": "BAN_USER", "user_id": 2}"#),
];
