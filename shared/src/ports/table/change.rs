//! What an update makes of an item.

use serde_json::Value;

use super::{Attributes, Change, Item, Key, TableError, rules};

/// The item as it is after these changes, if it may be so.
pub fn changed(key: Key, mut attributes: Attributes, changes: Vec<Change>) -> Result<Item, TableError> {
    for change in changes {
        match change {
            Change::Set(name, value) => drop(attributes.insert(name, value)),
            Change::Add(name, amount) => {
                let sum = sum(attributes.get(&name), amount)?;
                attributes.insert(name, sum.into());
            }
            Change::Remove(name) => drop(attributes.remove(&name)),
        }
    }
    let item = Item { key, attributes };
    rules::check_item(&item)?;
    Ok(item)
}

fn sum(value: Option<&Value>, amount: i64) -> Result<i64, TableError> {
    let old = match value {
        None => 0,
        Some(value) => {
            value.as_i64().ok_or_else(|| TableError::Invalid("only whole numbers can be added to".into()))?
        }
    };
    old.checked_add(amount).ok_or_else(|| TableError::Invalid("the sum is beyond 64 bits".into()))
}
