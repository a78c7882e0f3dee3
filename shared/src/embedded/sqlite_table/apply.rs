//! Writes: load, decide, store.

use rusqlite::Connection;
use serde_json::Value;

use super::condition::holds;
use super::rows::{self, Attributes};
use super::{rules, unavailable};
use crate::ports::{Change, Item, Key, Refusal, TableError, Write};

enum Outcome {
    Done(Option<Item>),
    Refused(Option<Item>),
}

/// All of these writes or none; answers what each of them answers. An `Unavailable` leaves the surrounding
/// transaction in an unknown state.
pub(super) fn apply(db: &Connection, writes: Vec<Write>, now: i64) -> Result<Vec<Option<Item>>, TableError> {
    execute(db, "SAVEPOINT writes")?;
    let result = apply_all(db, writes, now);
    match &result {
        Ok(_) => {}
        Err(TableError::Unavailable(_)) => return result,
        Err(_) => execute(db, "ROLLBACK TO writes")?,
    }
    execute(db, "RELEASE writes")?;
    result
}

fn execute(db: &Connection, sql: &str) -> Result<(), TableError> {
    rows::prepare(db, sql)?.execute([]).map(drop).map_err(unavailable)
}

fn apply_all(db: &Connection, writes: Vec<Write>, now: i64) -> Result<Vec<Option<Item>>, TableError> {
    let (mut answers, mut refusals) = (Vec::with_capacity(writes.len()), Vec::new());
    for (index, write) in writes.into_iter().enumerate() {
        match apply_one(db, write, now)? {
            Outcome::Done(answer) => answers.push(answer),
            Outcome::Refused(current) => refusals.push(Refusal { index, current }),
        }
    }
    if refusals.is_empty() { Ok(answers) } else { Err(TableError::ConditionFailed(refusals)) }
}

fn apply_one(db: &Connection, write: Write, now: i64) -> Result<Outcome, TableError> {
    let (key, condition) = rules::target(&write);
    let stored = rows::get(db, key)?;
    let live = stored.as_ref().filter(|attributes| !rows::is_expired(attributes, now));
    let live = live.map(|attributes| item(key, attributes));
    if !holds(condition, live.as_ref().map(|item| &item.attributes))? {
        return Ok(Outcome::Refused(live));
    }
    Ok(Outcome::Done(match write {
        Write::Put(item, _) => {
            rows::put(db, &item)?;
            live
        }
        Write::Update(key, changes, _) => Some(update(db, key, stored.unwrap_or_default(), changes)?),
        Write::Delete(key, _) => {
            rows::delete(db, &key)?;
            live
        }
        Write::Check(..) => None,
    }))
}

fn item(key: &Key, attributes: &Attributes) -> Item {
    Item { key: key.clone(), attributes: attributes.clone() }
}

fn update(
    db: &Connection,
    key: Key,
    mut attributes: Attributes,
    changes: Vec<Change>,
) -> Result<Item, TableError> {
    for change in changes {
        match change {
            Change::Set(name, value) => drop(attributes.insert(name, value)),
            Change::Add(name, amount) => {
                let sum = add(attributes.get(&name), amount)?;
                attributes.insert(name, sum.into());
            }
            Change::Remove(name) => drop(attributes.remove(&name)),
        }
    }
    let item = Item { key, attributes };
    rules::check_item(&item)?;
    rows::put(db, &item)?;
    Ok(item)
}

fn add(value: Option<&Value>, amount: i64) -> Result<i64, TableError> {
    let old = match value {
        None => 0,
        Some(value) => {
            value.as_i64().ok_or_else(|| TableError::Invalid("only whole numbers can be added to".into()))?
        }
    };
    old.checked_add(amount).ok_or_else(|| TableError::Invalid("the sum is beyond 64 bits".into()))
}
