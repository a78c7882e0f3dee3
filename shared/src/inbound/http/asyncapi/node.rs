//! JSON whose fields stay in the order in which they are written, whatever else the program is built with.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

/// A part of the document.
pub(super) enum Node {
    Text(String),
    Number(u64),
    List(Vec<Node>),
    Object(Vec<(String, Node)>),
    Schema(Box<RefOr<Schema>>),
    /// Something that is JSON already.
    Json(Box<RawValue>),
}

/// An object with these fields.
pub(super) fn object<const N: usize>(fields: [(&str, Node); N]) -> Node {
    Node::Object(fields.map(|(name, value)| (name.to_owned(), value)).into())
}

/// A reference to another part of the document.
pub(super) fn reference(place: &str) -> Node {
    object([("$ref", format!("#/{place}").into())])
}

impl From<&str> for Node {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Node {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<RefOr<Schema>> for Node {
    fn from(schema: RefOr<Schema>) -> Self {
        Self::Schema(Box::new(schema))
    }
}

impl FromIterator<Node> for Node {
    fn from_iter<I: IntoIterator<Item = Node>>(nodes: I) -> Self {
        Self::List(nodes.into_iter().collect())
    }
}

impl FromIterator<(String, Node)> for Node {
    fn from_iter<I: IntoIterator<Item = (String, Node)>>(fields: I) -> Self {
        Self::Object(fields.into_iter().collect())
    }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(number) => serializer.serialize_u64(*number),
            Self::List(nodes) => serializer.collect_seq(nodes),
            Self::Object(fields) => {
                let mut map = serializer.serialize_map(Some(fields.len()))?;
                for (name, value) in fields {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
            Self::Schema(schema) => schema.serialize(serializer),
            Self::Json(json) => json.serialize(serializer),
        }
    }
}
