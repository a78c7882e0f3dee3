//! JSON to DynamoDB's attribute values and back.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Map, Number, Value};

use crate::ports::{Cursor, EXPIRES_AT, INDEX_PK, INDEX_SK, Item, Key, Partition, TableError};
use crate::protocol::Timestamp;

/// The partition key's attribute.
pub(in crate::aws) const PK: &str = "pk";
/// The sort key's attribute.
pub(in crate::aws) const SK: &str = "sk";

/// The longest name of an attribute.
const MAX_NAME_BYTES: usize = 65_535;

/// An item as DynamoDB has it.
pub(in crate::aws) type Attributes = HashMap<String, AttributeValue>;

/// A JSON value as an attribute.
pub(in crate::aws) fn attribute(value: Value) -> AttributeValue {
    match value {
        Value::Null => AttributeValue::Null(true),
        Value::Bool(flag) => AttributeValue::Bool(flag),
        Value::Number(number) => AttributeValue::N(number.to_string()),
        Value::String(text) => AttributeValue::S(text),
        Value::Array(values) => AttributeValue::L(values.into_iter().map(attribute).collect()),
        Value::Object(fields) => {
            AttributeValue::M(fields.into_iter().map(|(k, v)| (k, attribute(v))).collect())
        }
    }
}

/// An attribute as a JSON value; none for the types that JSON doesn't have, which this adapter never writes.
pub(in crate::aws) fn value(attribute: AttributeValue) -> Option<Value> {
    Some(match attribute {
        AttributeValue::Null(_) => Value::Null,
        AttributeValue::Bool(flag) => Value::Bool(flag),
        AttributeValue::N(digits) => Value::Number(number(&digits)?),
        AttributeValue::S(text) => Value::String(text),
        AttributeValue::L(values) => Value::Array(values.into_iter().map(value).collect::<Option<_>>()?),
        AttributeValue::M(fields) => Value::Object(object(fields)?),
        _ => return None,
    })
}

fn object(fields: Attributes) -> Option<Map<String, Value>> {
    fields.into_iter().map(|(name, attribute)| Some((name, value(attribute)?))).collect()
}

/// Whole numbers keep their 64 bits; only what has a fraction, or is larger, becomes a floating-point number.
fn number(digits: &str) -> Option<Number> {
    let signed = digits.parse::<i64>().ok().map(Number::from);
    let unsigned = || digits.parse::<u64>().ok().map(Number::from);
    let float = || digits.parse().ok().and_then(Number::from_f64);
    signed.or_else(unsigned).or_else(float)
}

/// The attributes that name an item.
pub(in crate::aws) fn key_attributes(key: &Key) -> Result<Attributes, TableError> {
    if key.pk.is_empty() || key.sk.is_empty() {
        return Err(TableError::Invalid("a key has an empty part".into()));
    }
    let attributes = [(PK, &key.pk), (SK, &key.sk)];
    Ok(attributes
        .into_iter()
        .map(|(name, text)| (name.to_owned(), AttributeValue::S(text.clone())))
        .collect())
}

/// An item with its key among its attributes.
pub(in crate::aws) fn item_attributes(item: Item) -> Result<Attributes, TableError> {
    let mut attributes = key_attributes(&item.key)?;
    for (name, value) in item.attributes {
        if name == PK || name == SK {
            return Err(TableError::Invalid(format!("{name} is part of the key, not an attribute")));
        }
        if name.len() > MAX_NAME_BYTES {
            return Err(TableError::Invalid("an attribute's name is too long".into()));
        }
        attributes.insert(name, attribute(value));
    }
    Ok(attributes)
}

/// The item that DynamoDB answered.
pub(in crate::aws) fn item(mut attributes: Attributes) -> Result<Item, TableError> {
    let key = take_key(&mut attributes).ok_or_else(foreign)?;
    let attributes = object(attributes).ok_or_else(foreign)?;
    Ok(Item { key, attributes })
}

/// The item that DynamoDB answered, if it hasn't expired.
pub(in crate::aws) fn living_item(
    attributes: Attributes,
    now: Timestamp,
) -> Result<Option<Item>, TableError> {
    let item = item(attributes)?;
    Ok(Some(item).filter(|item| !has_expired(item, now)))
}

/// Time to live deletes days late: an item is gone from the second on that it names.
fn has_expired(item: &Item, now: Timestamp) -> bool {
    let expires_at = item.attributes.get(EXPIRES_AT).and_then(Value::as_f64);
    expires_at.is_some_and(|seconds| seconds <= now.as_secs() as f64)
}

/// Where a query goes on.
pub(in crate::aws) fn cursor(mut last: Attributes) -> Result<Cursor, TableError> {
    let key = take_key(&mut last).ok_or_else(foreign)?;
    Ok(Cursor { key, index_sk: take_text(&mut last, INDEX_SK) })
}

/// A cursor in DynamoDB's words.
pub(in crate::aws) fn start_key(partition: &Partition, after: &Cursor) -> Attributes {
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let mut key = HashMap::from([(PK.to_owned(), text(&after.key.pk)), (SK.to_owned(), text(&after.key.sk))]);
    if let (Partition::Index(index_pk), Some(index_sk)) = (partition, &after.index_sk) {
        key.insert(INDEX_PK.to_owned(), text(index_pk));
        key.insert(INDEX_SK.to_owned(), text(index_sk));
    }
    key
}

fn take_key(attributes: &mut Attributes) -> Option<Key> {
    let pk = take_text(attributes, PK)?;
    Some(Key { pk, sk: take_text(attributes, SK)? })
}

fn take_text(attributes: &mut Attributes, name: &str) -> Option<String> {
    match attributes.remove(name) {
        Some(AttributeValue::S(text)) => Some(text),
        _ => None,
    }
}

fn foreign() -> TableError {
    TableError::Unavailable("the table holds an item that was not written by us".into())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_survives_the_way_there_and_back() {
        let original = json!({
            "null": null, "yes": true, "text": "é", "empty": "", "list": [1, "a", []], "map": {"a": {"b": -1}},
            "largest": i64::MAX, "smallest": i64::MIN, "huge": u64::MAX, "fraction": 12.25,
        });
        assert_eq!(value(attribute(original.clone())), Some(original));
    }

    #[test]
    fn numbers_come_back_however_dynamodb_writes_them() {
        let read = |digits: &str| value(AttributeValue::N(digits.into()));
        assert_eq!(read("9007199254740993"), Some(json!(9_007_199_254_740_993_u64)));
        assert_eq!(read("0.5"), Some(json!(0.5)));
        assert_eq!(read("1E+20"), Some(json!(1e20)));
        assert_eq!(read("x"), None);
        assert_eq!(value(AttributeValue::Ss(vec!["a".into()])), None);
    }

    #[test]
    fn a_key_is_whole_and_not_repeated_among_the_attributes() {
        let key = |pk: &str, sk: &str| Key { pk: pk.into(), sk: sk.into() };
        for bad in [key("", "s"), key("p", "")] {
            assert!(matches!(key_attributes(&bad), Err(TableError::Invalid(_))), "{bad:?}");
        }
        let attributes = Map::from_iter([("sk".to_owned(), json!("x"))]);
        let item = Item { key: key("p", "s"), attributes };
        assert!(matches!(item_attributes(item), Err(TableError::Invalid(_))));
    }

    #[test]
    fn an_item_is_gone_from_the_second_that_it_names() {
        let stored = |seconds: i64| {
            let key = Key { pk: "p".into(), sk: "s".into() };
            let attributes = Map::from_iter([(EXPIRES_AT.to_owned(), json!(seconds))]);
            item_attributes(Item { key, attributes }).unwrap()
        };
        let now = Timestamp::from_secs(100);
        assert!(living_item(stored(101), now).unwrap().is_some());
        assert!(living_item(stored(100), now).unwrap().is_none());
    }
}
