//! Items to typed records and back.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::ports::{Item, Key, Refusal, TableError};

/// A key from its two parts.
pub(super) fn key(pk: impl Into<String>, sk: impl Into<String>) -> Key {
    Key { pk: pk.into(), sk: sk.into() }
}

/// An item that holds a record. Records are structs of plain fields, so that this cannot fail but by a slip of ours.
pub(super) fn to_item(key: Key, record: &impl Serialize) -> Result<Item, TableError> {
    match serde_json::to_value(record) {
        Ok(Value::Object(attributes)) => Ok(Item { key, attributes }),
        Ok(_) => Err(TableError::Invalid("a record is not an object".to_owned())),
        Err(error) => Err(TableError::Invalid(error.to_string())),
    }
}

/// The record that an item holds.
pub(super) fn from_item<T: DeserializeOwned>(item: Item) -> Result<T, TableError> {
    from_attributes(item.attributes)
}

/// The record that these attributes make up.
fn from_attributes<T: DeserializeOwned>(attributes: Map<String, Value>) -> Result<T, TableError> {
    serde_json::from_value(Value::Object(attributes))
        .map_err(|error| TableError::Unavailable(Box::new(error)))
}

/// Whether a write went through (`Ok(None)`), or which refusals met it; other errors stay errors.
pub(super) fn refused<T>(result: Result<T, TableError>) -> Result<Option<Vec<Refusal>>, TableError> {
    match result {
        Ok(_) => Ok(None),
        Err(TableError::ConditionFailed(refusals)) => Ok(Some(refusals)),
        Err(other) => Err(other),
    }
}
