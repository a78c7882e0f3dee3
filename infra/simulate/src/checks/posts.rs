//! What must hold of every frame that reaches a socket.

use serde_json::Value;

use super::Ledger;
use super::book::Books;
use crate::clients::Socket;
use crate::kernel::World;

/// What is told to people who are in no room.
const FOR_ANYBODY: [&str; 8] =
    ["ERROR", "HEARTBEAT", "pong", "JOIN_APPROVED", "JOIN_DENIED", "JOIN_REQUESTED", "BROADCAST", "PONG"];

/// What a socket is told because it asked, or came.
const ANSWERS: [&str; 5] =
    ["conversation_joined", "RESUMED", "RESUME_FAILED", "CHAT_HISTORY", "ROOM_PARTICIPANTS"];

/// Checks a frame at the moment at which it reaches a socket.
pub(crate) fn check(world: &World, ledger: &Ledger, id: &str, socket: &Socket, frame: &Value) {
    let kind = frame["type"].as_str().or(frame["action"].as_str()).unwrap_or_default();
    check_code(world, frame);
    let books = ledger.books();
    let Some(room) = room(frame) else { return };
    // What one socket alone is told waits in the queue as it was when it asked.
    let is_answer = ANSWERS.contains(&kind)
        || frame["is_self"] == true
        || frame["replayed"] == true
        || frame["cause"] == "join";
    if !FOR_ANYBODY.contains(&kind) && !is_answer {
        check_reader(world, &books, &room, id, socket, kind);
    }
    if frame.get("action").is_none() {
        check_event(world, &books, &room, frame);
    }
}

fn room(frame: &Value) -> Option<String> {
    match &frame["room"] {
        Value::String(code) => Some(code.to_lowercase()),
        Value::Number(code) => Some(code.to_string()),
        _ => None,
    }
}

/// Every refusal has a name that clients know.
fn check_code(world: &World, frame: &Value) {
    if frame["type"] == "ERROR" {
        let code = frame["code"].as_str().unwrap_or_default();
        if !parlor::protocol::ErrorCode::ALL.iter().any(|known| known.name() == code) {
            world.violated("every refusal is documented", format_args!("{frame}"));
        }
    }
}

/// Nobody hears of a room who has not been in since what is told was begun.
fn check_reader(world: &World, books: &Books, room: &str, id: &str, socket: &Socket, kind: &str) {
    let began = world.current().map_or(world.now(), |(_, facts)| facts.began);
    let (Some(user), Some(book)) = (socket.user, books.rooms.get(room)) else {
        return world
            .violated("nobody hears of a room who is not in", format_args!("{room}: {id} got {kind}"));
    };
    let member = book.members.get(&user);
    let never = member.is_none_or(|member| member.in_until.is_none());
    let no_more = member.and_then(|member| member.out_since).is_some_and(|out| out < began);
    if never || no_more {
        let what = format_args!("{room}: {id} of {user} got {kind}");
        world.violated("nobody hears of a room who is not in", what);
    }
}

/// What is told is stored, and what was deleted is told no more.
fn check_event(world: &World, books: &Books, room: &str, frame: &Value) {
    let Some(id) = frame["id"].as_u64() else { return };
    let entry = books.rooms.get(room).and_then(|book| book.log.get(&id));
    let Some(entry) = entry else {
        return world.violated("what is told is stored", format_args!("{room}: {frame}"));
    };
    let began = world.current().map_or(world.now(), |(_, facts)| facts.began);
    // What is told again to one socket alone waits for it as it was when it asked.
    let is_shown = entry.kind == "m" && frame["deleted"] != true && frame["replayed"] != true;
    let told = frame["message"].as_str().unwrap_or_default();
    let is_old = |(text, until): &(String, i64)| text == told && *until < began;
    if is_shown && entry.replaced.iter().any(is_old) {
        world.violated("what is told is what is stored now", format_args!("{room}: {frame}"));
    }
    if is_shown && entry.deleted_at.is_some_and(|deleted| deleted < began) {
        world.violated("what was deleted is told no more", format_args!("{room}: {frame}"));
    }
}
