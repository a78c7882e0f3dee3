//! What a call of the [`Table`](crate::ports::Table) must keep to: DynamoDB's rules, so that what works on a laptop works
//! there. Everything here is said without looking at the table.

use std::collections::HashSet;

use serde_json::{Number, Value};

use super::{
    Change, Condition, INDEX_PK, INDEX_SK, Item, Key, MAX_ITEM_BYTES, Partition, Query, SortRange,
    TableError, Write,
};

const MAX_PK_BYTES: usize = 2048;
const MAX_SK_BYTES: usize = 1024;
const MAX_TRANSACTION: usize = 100;
/// How deep lists and maps may lie in each other.
const MAX_DEPTH: usize = 32;
/// What the key's own attributes are called, on AWS too.
const KEY_NAMES: [&str; 2] = ["pk", "sk"];

fn invalid<T>(sentence: impl Into<String>) -> Result<T, TableError> {
    Err(TableError::Invalid(sentence.into()))
}

/// The key a write is about, and its condition.
pub fn target(write: &Write) -> (&Key, &Condition) {
    match write {
        Write::Put(item, condition) => (&item.key, condition),
        Write::Update(key, _, condition) | Write::Delete(key, condition) | Write::Check(key, condition) => {
            (key, condition)
        }
    }
}

/// Both halves of a key have a length that is allowed.
pub fn check_key(key: &Key) -> Result<(), TableError> {
    check_text("a partition key", &key.pk, MAX_PK_BYTES)?;
    check_text("a sort key", &key.sk, MAX_SK_BYTES)
}

fn check_text(what: &str, text: &str, max: usize) -> Result<(), TableError> {
    match text.len() {
        0 => invalid(format!("{what} is empty")),
        length if length > max => invalid(format!("{what} has {length} bytes, at most {max} are allowed")),
        _ => Ok(()),
    }
}

/// No two keys are the same.
pub fn check_different<'a>(mut keys: impl Iterator<Item = &'a Key>) -> Result<(), TableError> {
    let mut seen = HashSet::new();
    if keys.all(|key| seen.insert(key)) { Ok(()) } else { invalid("the same item is named twice") }
}

/// Everything that can be said of a transaction without looking at the table.
pub fn check_transaction(writes: &[Write]) -> Result<(), TableError> {
    if writes.len() > MAX_TRANSACTION {
        return invalid(format!("a transaction has at most {MAX_TRANSACTION} writes"));
    }
    check_different(writes.iter().map(|write| target(write).0))?;
    writes.iter().try_for_each(check_write)
}

/// Everything that can be said of a write without looking at the table.
pub fn check_write(write: &Write) -> Result<(), TableError> {
    check_key(target(write).0)?;
    match write {
        Write::Put(item, _) => check_item(item),
        Write::Update(_, changes, _) => check_changes(changes),
        Write::Delete(..) | Write::Check(..) => Ok(()),
    }
}

fn check_changes(changes: &[Change]) -> Result<(), TableError> {
    let mut seen = HashSet::new();
    for change in changes {
        let (Change::Set(name, _) | Change::Add(name, _) | Change::Remove(name)) = change;
        check_name(name)?;
        if !seen.insert(name) {
            return invalid(format!("the attribute {name} is changed twice"));
        }
    }
    Ok(())
}

fn check_name(name: &str) -> Result<(), TableError> {
    if name.is_empty() || KEY_NAMES.contains(&name) {
        return invalid(format!("an attribute cannot be called {name:?}"));
    }
    Ok(())
}

/// A whole item, its size included.
pub fn check_item(item: &Item) -> Result<(), TableError> {
    item.attributes.keys().try_for_each(|name| check_name(name))?;
    for (name, max) in [(INDEX_PK, MAX_PK_BYTES), (INDEX_SK, MAX_SK_BYTES)] {
        match item.attributes.get(name) {
            None => {}
            Some(Value::String(text)) => check_text(name, text, max)?,
            Some(_) => return invalid(format!("{name} is not a text")),
        }
    }
    match item_size(item)? {
        size if size > MAX_ITEM_BYTES => {
            invalid(format!("the item has {size} bytes, at most {MAX_ITEM_BYTES} are allowed"))
        }
        _ => Ok(()),
    }
}

/// The range, the place to go on and the limit make sense.
pub fn check_query(query: &Query) -> Result<(), TableError> {
    let (Partition::Table(pk) | Partition::Index(pk)) = &query.partition;
    check_text("a partition key", pk, MAX_PK_BYTES)?;
    match &query.range {
        SortRange::All => {}
        SortRange::Prefix(text) => check_text("a prefix", text, MAX_SK_BYTES)?,
        SortRange::Between(first, last) => {
            check_text("a bound", first, MAX_SK_BYTES)?;
            check_text("a bound", last, MAX_SK_BYTES)?;
            if first > last {
                return invalid("a range ends before it begins");
            }
        }
    }
    if query.limit == 0 {
        return invalid("a page has at least one item");
    }
    check_cursor(query)
}

fn check_cursor(query: &Query) -> Result<(), TableError> {
    let Some(after) = &query.after else { return Ok(()) };
    check_key(&after.key)?;
    let fits = match &query.partition {
        Partition::Table(pk) => *pk == after.key.pk,
        Partition::Index(_) => after.index_sk.is_some(),
    };
    if fits { Ok(()) } else { invalid("the cursor belongs to another query") }
}

/// DynamoDB's count: the UTF-8 bytes of names and values, the key's own included.
pub fn item_size(item: &Item) -> Result<usize, TableError> {
    let mut size =
        KEY_NAMES.iter().map(|name| name.len()).sum::<usize>() + item.key.pk.len() + item.key.sk.len();
    for (name, value) in &item.attributes {
        size += name.len() + value_size(value, MAX_DEPTH)?;
    }
    Ok(size)
}

fn value_size(value: &Value, depth: usize) -> Result<usize, TableError> {
    Ok(match value {
        Value::Null | Value::Bool(_) => 1,
        Value::Number(number) => number_size(number),
        Value::String(text) => text.len(),
        Value::Array(_) | Value::Object(_) if depth == 0 => {
            return invalid("values lie too deep in each other");
        }
        Value::Array(values) => {
            let sizes = values.iter().map(|value| Ok(1 + value_size(value, depth - 1)?));
            3 + sizes.sum::<Result<usize, TableError>>()?
        }
        Value::Object(values) => {
            let sizes = values.iter().map(|(name, value)| Ok(1 + name.len() + value_size(value, depth - 1)?));
            3 + sizes.sum::<Result<usize, TableError>>()?
        }
    })
}

/// A byte for two digits, zeros at either end not counted, one for the exponent and one for a minus.
fn number_size(number: &Number) -> usize {
    let text = number.to_string();
    let mantissa = text.split(['e', 'E']).next().unwrap_or_default();
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let significant = digits.trim_matches('0').len();
    1 + significant.div_ceil(2) + usize::from(text.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn item_of(value: Value) -> Item {
        let key = Key { pk: "p".into(), sk: "s".into() };
        Item { key, attributes: [("a".to_owned(), value)].into_iter().collect() }
    }

    #[test]
    fn an_item_has_exactly_as_many_bytes_as_its_names_and_values() {
        let frame = "pk".len() + "p".len() + "sk".len() + "s".len() + "a".len();
        for (value, bytes) in [
            (json!("é𝄞"), 6),
            (json!(null), 1),
            (json!(-1200), 3),
            (json!(0), 1),
            (json!(["ab", {"c": true}]), 3 + (1 + 2) + (1 + 3 + (1 + 1 + 1))),
        ] {
            assert_eq!(item_size(&item_of(value.clone())).unwrap(), frame + bytes, "{value}");
        }
        let text = |length| item_of("x".repeat(length).into());
        assert!(check_item(&text(MAX_ITEM_BYTES - frame)).is_ok());
        assert!(check_item(&text(MAX_ITEM_BYTES - frame + 1)).is_err());
    }

    #[test]
    fn values_lie_at_most_32_deep() {
        let nested = |depth| (0..depth).fold(json!(1), |inner, _| json!([inner]));
        assert!(check_item(&item_of(nested(32))).is_ok());
        assert!(check_item(&item_of(nested(33))).is_err());
    }

    #[test]
    fn what_the_key_says_cannot_be_said_by_an_attribute() {
        let change = |name: &str| check_changes(&[Change::Remove(name.into())]);
        assert!(change("pk").is_err() && change("sk").is_err() && change("").is_err());
        assert!(change("pks").is_ok());
    }
}
