//! What clients may say, as messages of the document.

use utoipa::openapi::schema::{
    AllOfBuilder, AnyOfBuilder, ObjectBuilder, Schema, SchemaFormat, SchemaType, Type,
};
use utoipa::openapi::{ArrayBuilder, KnownFormat, RefOr};

use super::node::{Node, object};
use crate::protocol::described::{CommandShape, FieldKind, FieldShape, HeardIn, ROOM_FIELDS, commands};
use crate::protocol::samples::client_messages;

/// Under which name a message of a client's stands among the components.
pub(super) fn key(command: &CommandShape) -> String {
    format!("client.{}", command.names[0])
}

/// All of them.
pub(super) fn messages() -> impl Iterator<Item = (String, Node)> {
    commands().map(|command| (key(command), message(command)))
}

fn message(command: &CommandShape) -> Node {
    let name = command.names[0];
    let examples = client_messages().iter().filter(|say| say.name == name);
    let examples = examples.filter_map(|say| serde_json::from_str(say.text).ok().map(Node::Json));
    object([
        ("name", name.into()),
        ("summary", command.about.into()),
        ("payload", payload(command).into()),
        ("examples", examples.map(|payload| object([("payload", payload)])).collect()),
    ])
}

fn payload(command: &CommandShape) -> RefOr<Schema> {
    let kind = ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some("The type, in any case; `action` is read in its place."))
        .enum_values(Some(spellings(command.names)));
    let mut all = ObjectBuilder::new().property("type", kind);
    let room = if command.heard == HeardIn::All { &[] } else { ROOM_FIELDS };
    for field in command.fields.iter().chain(room) {
        let needed = !command.needs.is_empty() && command.needs.iter().all(|set| set.contains(&field.name));
        all = all.property(field.name, schema(field, needed));
    }
    // A message without a type that has a text is chat.
    if name_is_needed(command) {
        all = all.required("type");
    }
    match command.needs {
        [] => RefOr::T(all.into()),
        [only] => RefOr::T(only.iter().fold(all, |all, name| all.required(*name)).into()),
        several => one_of_several(all, several),
    }
}

fn name_is_needed(command: &CommandShape) -> bool {
    !command.names.contains(&"message")
}

fn one_of_several(all: ObjectBuilder, sets: &[&[&str]]) -> RefOr<Schema> {
    let set = |names: &[&str]| {
        let object = ObjectBuilder::new().schema_type(SchemaType::AnyValue);
        names.iter().fold(object, |object, name| object.required(*name))
    };
    let sets = sets.iter().fold(AnyOfBuilder::new(), |sets, names| sets.item(set(names)));
    let both = AllOfBuilder::new().item(all).item(Schema::AnyOf(sets.build()));
    RefOr::T(both.into())
}

/// The names are understood in any case: the document lists them as the contract has them, and in the other one.
fn spellings(names: &[&str]) -> Vec<String> {
    let mut all: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    for name in names {
        let is_upper = name.chars().any(|character| character.is_ascii_uppercase());
        let other = if is_upper { name.to_ascii_lowercase() } else { name.to_ascii_uppercase() };
        if !all.contains(&other) {
            all.push(other);
        }
    }
    all
}

/// A field that isn't needed may be null.
fn schema(field: &FieldShape, needed: bool) -> RefOr<Schema> {
    let types = |types: &[Type]| match (types, needed) {
        ([only], true) => SchemaType::Type(only.clone()),
        (types, true) => SchemaType::Array(types.to_vec()),
        (types, false) => SchemaType::Array([types, &[Type::Null]].concat()),
    };
    let of = |kinds: &[Type]| ObjectBuilder::new().schema_type(types(kinds)).description(Some(field.about));
    let object = match field.kind {
        FieldKind::Any => {
            ObjectBuilder::new().schema_type(SchemaType::AnyValue).description(Some(field.about))
        }
        FieldKind::Text(most) => of(&[Type::String]).max_length(Some(most)),
        FieldKind::Medium => of(&[Type::String]).format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid))),
        FieldKind::Moment => {
            of(&[Type::String]).format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
        }
        FieldKind::Id(least) => of(&[Type::Integer, Type::String]).minimum(Some(f64::from(least))),
        FieldKind::Name => of(&[Type::String, Type::Integer]),
        FieldKind::Flag => of(&[Type::Boolean]),
        FieldKind::Number(least, most) => of(&[Type::Number]).minimum(Some(least)).maximum(Some(most)),
        FieldKind::Whole(least, most) => whole(of(&[Type::Integer]), least, most),
        FieldKind::PlayerData => player_data(of(&[Type::Object])),
        FieldKind::People(most) => return people(field, types(&[Type::Array]), most),
    };
    RefOr::T(object.into())
}

fn whole(object: ObjectBuilder, least: u64, most: u64) -> ObjectBuilder {
    let bound = |bound: u64| u32::try_from(bound).ok().map(f64::from);
    object.minimum(bound(least)).maximum(bound(most))
}

fn people(field: &FieldShape, kind: SchemaType, most: usize) -> RefOr<Schema> {
    let person = SchemaType::Array(vec![Type::Integer, Type::String]);
    let person = ObjectBuilder::new().schema_type(person).minimum(Some(1.0));
    let list = ArrayBuilder::new().schema_type(kind).items(person.build()).max_items(Some(most));
    RefOr::T(list.description(Some(field.about)).into())
}

fn player_data(object: ObjectBuilder) -> ObjectBuilder {
    let number = |about: &str| ObjectBuilder::new().schema_type(Type::Number).description(Some(about));
    let event = ObjectBuilder::new().schema_type(Type::String).description(Some("What happens."));
    let object = object.property("event", event).required("event");
    let object = object.property("currentTime", number("The position in seconds."));
    let object = object.property("duration", number("The length in seconds."));
    object.property("progress", number("How much has been played, in percent."))
}
