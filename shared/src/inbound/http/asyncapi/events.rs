//! What clients hear, as messages of the document.

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{AllOfBuilder, ObjectBuilder, OneOfBuilder, Schema, Type};

use super::node::{Node, object};
use crate::ids::MediaId;
use crate::protocol::{Dialect, Event, EventShape, samples};

/// What the feed's sockets hear that has no type: its name among the components, what it is, and a text. Whoever drops a
/// text may make it of anything.
fn texts_of_the_feed() -> [(&'static str, &'static str, String); 3] {
    let feed = |event: Event| event.text(Dialect::Feed).unwrap_or_default();
    let media_id = MediaId::from_random([7; 16]);
    [
        (
            "heartbeat",
            "The feed's heartbeat, every 10 seconds: a plain text, no JSON.",
            feed(Event::FeedHeartbeat),
        ),
        ("play", "A medium was uploaded: play it.", feed(Event::Play { media_id })),
        (
            "drop",
            "A text that was dropped, as it stands.",
            r#" {"action": "PLAY", "value": "fake-uuuid"}"#.to_owned(),
        ),
    ]
}

/// One event as sockets of a dialect get it.
struct Told {
    key: String,
    name: String,
    text: Box<RawValue>,
}

/// All samples in a dialect, in the order of the events.
fn told(dialect: Dialect) -> Vec<Told> {
    let texts = samples::events().into_iter().filter_map(|event| event.text(dialect));
    texts.filter_map(|text| Told::of(&text)).collect()
}

impl Told {
    fn of(text: &str) -> Option<Self> {
        #[derive(serde::Deserialize)]
        struct Named {
            #[serde(rename = "type")]
            name: Option<String>,
        }
        let name = serde_json::from_str::<Named>(text).ok()?.name.unwrap_or_else(|| "action".to_owned());
        Some(Self { key: format!("server.{name}"), name, text: serde_json::from_str(text).ok()? })
    }
}

/// The names, among the components, of what sockets of a dialect hear.
pub(super) fn keys(dialect: Dialect) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    if dialect == Dialect::Feed {
        keys.extend(texts_of_the_feed().map(|(name, ..)| format!("server.feed.{name}")));
    }
    for Told { key, .. } in told(dialect) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys
}

/// All of them. Each is shown as watch rooms hear it; what they don't hear, as others do.
pub(super) fn messages() -> Vec<(String, Node)> {
    let shapes = shapes();
    let mut told_so_far: Vec<(String, String, Vec<Box<RawValue>>)> = Vec::new();
    for dialect in [Dialect::Watch, Dialect::Inbox, Dialect::Numbered] {
        let known: Vec<String> = told_so_far.iter().map(|(key, ..)| key.clone()).collect();
        for Told { key, name, text } in told(dialect).into_iter().filter(|told| !known.contains(&told.key)) {
            match told_so_far.iter_mut().find(|(other, ..)| *other == key) {
                Some((_, _, texts)) => texts.push(text),
                None => told_so_far.push((key, name, vec![text])),
            }
        }
    }
    let typed = told_so_far.into_iter().filter_map(|(key, name, texts)| {
        let shape = shapes.get(shape_of(&name))?;
        Some((key, message(&name, shape, texts)))
    });
    feed_messages().into_iter().chain(typed).collect()
}

/// By which name the fields of a message are known: the inbox calls one of them otherwise.
fn shape_of(name: &str) -> &str {
    if name == "new_message" { "CHAT_MESSAGE" } else { name }
}

fn shapes() -> BTreeMap<&'static str, EventShape> {
    let all = Event::described().into_iter().chain([EventShape::action()]);
    all.map(|shape| (shape.name, shape)).collect()
}

/// What the fields of all events refer to, by name.
pub(super) fn parts() -> impl Iterator<Item = (String, Node)> {
    let parts: BTreeMap<_, _> = shapes().into_values().flat_map(|shape| shape.parts).collect();
    parts.into_iter().map(|(name, schema)| (name, schema.into()))
}

fn message(name: &str, shape: &EventShape, texts: Vec<Box<RawValue>>) -> Node {
    let examples = texts.into_iter().map(|text| object([("payload", Node::Json(text))]));
    object([
        ("name", name.into()),
        ("summary", shape.about.as_str().into()),
        ("payload", payload(name, shape).into()),
        ("examples", examples.collect()),
    ])
}

fn payload(name: &str, shape: &EventShape) -> RefOr<Schema> {
    if name == "action" {
        return shape.schema.clone();
    }
    let kind = ObjectBuilder::new().schema_type(Type::String).enum_values(Some([name]));
    let mut own = ObjectBuilder::new().property("type", kind).required("type");
    if has_conversation(shape.name) {
        own = own.property("conversation_id", conversation());
    }
    RefOr::T(AllOfBuilder::new().item(own).item(shape.schema.clone()).into())
}

/// Whether the inbox names an event's room as a conversation, too.
fn has_conversation(name: &str) -> bool {
    let mut named = samples::events().into_iter().filter(|event| event.name() == Some(name));
    named.any(|event| event.room().is_some())
}

fn conversation() -> OneOfBuilder {
    let kind = |kind: Type| ObjectBuilder::new().schema_type(kind);
    let about = "On the inbox and in conversations: the room's code, a number if it reads as one.";
    OneOfBuilder::new().item(kind(Type::Integer)).item(kind(Type::String)).description(Some(about))
}

fn feed_messages() -> Vec<(String, Node)> {
    let message = |(name, about, text): (&str, &str, String)| {
        let is_json = name == "play";
        let example = if is_json {
            serde_json::from_str(&text).ok().map(Node::Json)
        } else {
            Some(text.clone().into())
        };
        let fields = [
            ("name", name.into()),
            ("summary", about.into()),
            ("contentType", if is_json { "application/json" } else { "text/plain" }.into()),
            ("payload", feed_payload(name, &text).into()),
            ("examples", example.map(|payload| object([("payload", payload)])).into_iter().collect()),
        ];
        (format!("server.feed.{name}"), object(fields))
    };
    texts_of_the_feed().into_iter().map(message).collect()
}

fn feed_payload(name: &str, text: &str) -> RefOr<Schema> {
    let words = ObjectBuilder::new().schema_type(Type::String);
    let object = match name {
        "heartbeat" => words.enum_values(Some([text])),
        "play" => {
            let value = words.description(Some("The medium's id."));
            let action = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(["PLAY"]));
            let object = ObjectBuilder::new().property("action", action).property("value", value);
            object.required("action").required("value")
        }
        _ => words,
    };
    RefOr::T(object.into())
}
