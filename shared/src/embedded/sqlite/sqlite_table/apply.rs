//! Writes: load, decide, store.

use rusqlite::Connection;

use super::{rows, unavailable};
use crate::ports::table::{changed, holds, is_expired, rules};
use crate::ports::{Item, Key, Refusal, TableError, Write};

/// What a write comes to, given what is stored.
pub(super) enum Decision {
    /// It may be done.
    Go(Pending),
    /// Its condition does not hold; the item as it stands.
    Refused(Option<Item>),
}

/// A write that may be done.
pub(super) enum Pending {
    /// Answers the item as it was.
    Put(Item, Option<Item>),
    /// Answers the item as it is now.
    Update(Item),
    /// Answers the item as it was.
    Delete(Key, Option<Item>),
    Check,
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
        match decide(db, write, now)? {
            Decision::Go(pending) => answers.push(pending.carry_out(db)?),
            Decision::Refused(current) => refusals.push(Refusal { index, current }),
        }
    }
    if refusals.is_empty() { Ok(answers) } else { Err(TableError::ConditionFailed(refusals)) }
}

/// Whether a write may be done, and what it then comes to. Nothing is changed yet.
pub(super) fn decide(db: &Connection, write: Write, now: i64) -> Result<Decision, TableError> {
    let (key, condition) = rules::target(&write);
    let stored = rows::get(db, key)?;
    let is_live = stored.as_ref().is_some_and(|attributes| !is_expired(attributes, now));
    let may_be = holds(condition, stored.as_ref().filter(|_| is_live))?;
    let live = |key| stored.clone().filter(|_| is_live).map(|attributes| Item { key, attributes });
    if !may_be {
        return Ok(Decision::Refused(live(key.clone())));
    }
    Ok(Decision::Go(match write {
        Write::Put(item, _) => {
            let before = live(item.key.clone());
            Pending::Put(item, before)
        }
        Write::Update(key, changes, _) => Pending::Update(changed(key, stored.unwrap_or_default(), changes)?),
        Write::Delete(key, _) => Pending::Delete(key.clone(), live(key)),
        Write::Check(..) => Pending::Check,
    }))
}

impl Pending {
    /// Does it; answers what the write answers.
    pub(super) fn carry_out(self, db: &Connection) -> Result<Option<Item>, TableError> {
        match self {
            Self::Put(item, before) => rows::put(db, &item).map(|()| before),
            Self::Update(item) => rows::put(db, &item).map(|()| Some(item)),
            Self::Delete(key, before) => rows::delete(db, &key).map(|()| before),
            Self::Check => Ok(None),
        }
    }
}
