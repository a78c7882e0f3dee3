//! Dropped texts: to whom a path sends them, and what is sent.

use std::collections::HashMap;

use serde::de::IgnoredAny;

use crate::ids::{RoomCode, UserId};
use crate::protocol::{Announcement, Dialect, Event, Frame, FrameTooLarge, Frames, MAX_FRAME_BYTES, Place};

/// The ending of a text that is to be sent; in this spelling alone, as the bucket's filter has it.
const EXTENSION: &str = ".txt";

/// To whom a dropped text goes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum DropTarget {
    /// To every socket of the feed.
    Feed,
    /// To the sockets in one room.
    Room(RoomCode),
    /// To one person's sockets.
    User(UserId),
}

/// Why a path is none that sends what lies there; such objects and files are left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotADrop {
    /// It has another ending.
    #[error("its name does not end in .txt")]
    Extension,
    /// Its name starts with a dot, as those of unfinished and private files do.
    #[error("its name starts with a dot")]
    Hidden,
    /// It lies in a folder that stands for nobody.
    #[error("its folder is none that is sent: only rooms/{{code}} and users/{{id}} are")]
    Folder,
    /// The folder below `rooms` is not named like a room.
    #[error("its folder is not a room code")]
    RoomCode,
    /// The folder below `users` is not named like a person.
    #[error("its folder is not a user id")]
    UserId,
}

/// Why a dropped text is not sent, ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// It is not UTF-8.
    #[error("it is not valid UTF-8")]
    NotUtf8,
    /// It does not fit a frame, or wouldn't any more once it is wrapped into a message.
    #[error("it is larger than the {MAX_FRAME_BYTES} bytes that fit a message")]
    TooLarge,
}

impl From<FrameTooLarge> for Rejection {
    fn from(_: FrameTooLarge) -> Self {
        Self::TooLarge
    }
}

impl DropTarget {
    /// To whom a text at this path below the messages prefix goes: `x.txt`, `rooms/{code}/x.txt`, `users/{id}/x.txt`.
    pub fn of_path(path: &str) -> Result<Self, NotADrop> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        if !name.ends_with(EXTENSION) {
            return Err(NotADrop::Extension);
        }
        if name.starts_with('.') {
            return Err(NotADrop::Hidden);
        }
        match folder.split_once('/') {
            Some(("rooms", code)) => code.parse().map(Self::Room).map_err(|_| NotADrop::RoomCode),
            Some(("users", id)) => id.parse().map(Self::User).map_err(|_| NotADrop::UserId),
            None if !path.contains('/') => Ok(Self::Feed),
            _ => Err(NotADrop::Folder),
        }
    }
}

/// What is sent for a text: the feed gets it as it is; rooms and people get a JSON object as it is and any other text as
/// a `BROADCAST`, in the dialects that know it. Nothing for an empty one. The place is the room's, as its events name it.
///
/// Of a text that is too long, [`MAX_FRAME_BYTES`] + 1 bytes are enough to tell.
pub fn compose(target: &DropTarget, place: Option<Place>, bytes: &[u8]) -> Result<Option<Frames>, Rejection> {
    if bytes.is_empty() {
        return Ok(None);
    }
    // Before the encoding: a text that was cut off may end in half a character.
    if bytes.len() > MAX_FRAME_BYTES {
        return Err(Rejection::TooLarge);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| Rejection::NotUtf8)?;
    let frames = match target {
        DropTarget::Room(_) | DropTarget::User(_) if !is_json_object(text) => announcement(place, text)?,
        _ => Frames::same(Frame::new(text)?),
    };
    Ok(Some(frames))
}

fn announcement(place: Option<Place>, text: &str) -> Result<Frames, FrameTooLarge> {
    let is_personal = place.is_none();
    let event = Event::Announcement(Announcement { text: text.to_owned(), place });
    let mut frames = Frames::none();
    for dialect in event.dialects() {
        if let Some(text) = event.text(*dialect) {
            frames.set(*dialect, Frame::new(text)?);
        }
    }
    // A person's sockets are reached wherever they listen, at the feed as well.
    if let (true, Some(frame)) = (is_personal, frames.get(Dialect::Watch).cloned()) {
        frames.set(Dialect::Feed, frame);
    }
    Ok(frames)
}

fn is_json_object(text: &str) -> bool {
    serde_json::from_str::<HashMap<String, IgnoredAny>>(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room() -> DropTarget {
        DropTarget::Room("kino".parse().unwrap())
    }

    fn sent(target: &DropTarget, text: &str) -> String {
        let frames = compose(target, None, text.as_bytes()).unwrap().unwrap();
        frames.get(Dialect::Watch).unwrap().as_str().to_owned()
    }

    fn composed(target: &DropTarget, bytes: &[u8]) -> Result<Option<Frames>, Rejection> {
        compose(target, None, bytes)
    }

    #[test]
    fn a_path_names_the_feed_a_room_or_a_person() {
        assert_eq!(DropTarget::of_path("x.txt"), Ok(DropTarget::Feed));
        assert_eq!(DropTarget::of_path("Grüße + mehr #1.txt"), Ok(DropTarget::Feed));
        assert_eq!(DropTarget::of_path("rooms/kino/x.txt"), Ok(room()));
        assert_eq!(DropTarget::of_path("users/17/x.txt"), Ok(DropTarget::User(UserId(17))));
    }

    #[test]
    fn any_other_path_is_left_alone_for_a_reason() {
        let table = [
            ("", NotADrop::Extension),
            ("x", NotADrop::Extension),
            ("x.TXT", NotADrop::Extension),
            ("x.txt~", NotADrop::Extension),
            ("x.txt.part", NotADrop::Extension),
            ("x.txt/", NotADrop::Extension),
            (".txt", NotADrop::Hidden),
            (".x.txt", NotADrop::Hidden),
            ("rooms/kino/.x.txt", NotADrop::Hidden),
            ("/x.txt", NotADrop::Folder),
            ("rooms/x.txt", NotADrop::Folder),
            ("users/x.txt", NotADrop::Folder),
            ("rejected/x.txt", NotADrop::Folder),
            ("rejected/rooms/x.txt", NotADrop::Folder),
            ("Rooms/kino/x.txt", NotADrop::Folder),
            ("../x.txt", NotADrop::Folder),
            ("rooms//x.txt", NotADrop::RoomCode),
            ("rooms/../x.txt", NotADrop::RoomCode),
            ("rooms/ki no/x.txt", NotADrop::RoomCode),
            ("rooms/kino/deeper/x.txt", NotADrop::RoomCode),
            ("users/0/x.txt", NotADrop::UserId),
            ("users/ann/x.txt", NotADrop::UserId),
            ("users/17/18/x.txt", NotADrop::UserId),
        ];
        for (path, reason) in table {
            assert_eq!(DropTarget::of_path(path), Err(reason), "{path:?}");
        }
    }

    #[test]
    fn the_feed_gets_every_text_verbatim() {
        for text in ["hello\n", "\n", "  ", "\u{feff}with a mark", "nul \0 inside", r#"{"a": 1}"#, "Grüße 🎬"]
        {
            assert_eq!(sent(&DropTarget::Feed, text), text, "{text:?}");
        }
    }

    #[test]
    fn rooms_and_people_get_json_objects_verbatim() {
        for text in ["{}", "{\"type\": \"X\", \"deep\": {\"n\": 1e999}}\n", " {\"a\": [1]} "] {
            assert_eq!(sent(&room(), text), text, "{text:?}");
            assert_eq!(sent(&DropTarget::User(UserId(1)), text), text, "{text:?}");
        }
    }

    #[test]
    fn rooms_and_people_get_any_other_text_as_a_broadcast() {
        for text in ["hello\n", "[1]", "\"{}\"", "{\"half\": ", "{} {}", "\u{feff}{}", "nul \0"] {
            let wrapped = serde_json::json!({"type": "BROADCAST", "text": text});
            let shown: serde_json::Value = serde_json::from_str(&sent(&room(), text)).unwrap();
            assert_eq!(shown, wrapped, "{text:?}");
        }
    }

    #[test]
    fn clients_that_know_messages_alone_get_no_broadcast_but_objects() {
        let place = Some(Place::from("kino".parse::<RoomCode>().unwrap()));
        let heard = |text: &str, dialect| {
            let frames = compose(&room(), place.clone(), text.as_bytes()).unwrap().unwrap();
            frames.get(dialect).map(|frame| frame.as_str().to_owned())
        };
        let wrapped = r#"{"type":"BROADCAST","text":"hi","room":"kino"}"#;
        assert_eq!(heard("hi", Dialect::Watch).as_deref(), Some(wrapped));
        assert!(heard("hi", Dialect::Inbox).unwrap().contains(r#""conversation_id":"kino""#));
        assert_eq!(heard("hi", Dialect::Plain), None);
        assert_eq!(heard(r#"{"a": 1}"#, Dialect::Plain).as_deref(), Some(r#"{"a": 1}"#));
    }

    #[test]
    fn an_empty_text_sends_nothing() {
        assert_eq!(composed(&DropTarget::Feed, b""), Ok(None));
        assert_eq!(composed(&room(), b""), Ok(None));
    }

    #[test]
    fn what_is_not_utf8_is_rejected() {
        assert_eq!(composed(&DropTarget::Feed, b"caf\xe9"), Err(Rejection::NotUtf8));
        assert_eq!(composed(&room(), b"\xff\xfeh\0i\0"), Err(Rejection::NotUtf8), "UTF-16");
    }

    #[test]
    fn a_text_of_32_kilobytes_is_sent_and_one_byte_more_is_rejected() {
        let full = "x".repeat(MAX_FRAME_BYTES);
        assert_eq!(sent(&DropTarget::Feed, &full), full);
        let over = "x".repeat(MAX_FRAME_BYTES + 1);
        assert_eq!(composed(&DropTarget::Feed, over.as_bytes()), Err(Rejection::TooLarge));
    }

    #[test]
    fn a_text_cut_off_within_a_character_counts_as_too_large() {
        let text = "é".repeat(MAX_FRAME_BYTES);
        let cut = &text.as_bytes()[..MAX_FRAME_BYTES + 1];
        assert!(std::str::from_utf8(cut).is_err());
        assert_eq!(composed(&DropTarget::Feed, cut), Err(Rejection::TooLarge));
    }

    #[test]
    fn the_limit_holds_after_wrapping_too() {
        let around = r#"{"type":"BROADCAST","text":""}"#.len();
        let fits = "x".repeat(MAX_FRAME_BYTES - around);
        assert_eq!(sent(&room(), &fits).len(), MAX_FRAME_BYTES);
        let over = format!("{fits}x");
        assert_eq!(composed(&room(), over.as_bytes()), Err(Rejection::TooLarge));
        // Escapes count as they are sent.
        let quotes = "\"".repeat(MAX_FRAME_BYTES / 2);
        assert_eq!(composed(&room(), quotes.as_bytes()), Err(Rejection::TooLarge));
    }
}
