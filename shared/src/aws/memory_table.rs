//! A table in memory, for the tests of what stands on one; it keeps a list of its writes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use serde_json::{Value, json};

use crate::ports::{
    Change, Clock, Comparison, Condition, Consistency, Cursor, EXPIRES_AT, Item, Key, Page, Partition, Query,
    Refusal, SortRange, Table, TableError, Write,
};

/// Items by key.
#[derive(Debug)]
pub(crate) struct MemoryTable {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

#[derive(Debug, Clone, Default)]
struct State {
    items: BTreeMap<Key, Item>,
    written: Vec<String>,
}

impl MemoryTable {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, state: Mutex::default() }
    }

    /// The keys of all items that have not expired.
    pub(crate) fn keys(&self) -> Vec<String> {
        let state = self.state.lock().unwrap();
        state.items.values().filter(|item| self.lives(item)).map(|item| spelled(&item.key)).collect()
    }

    /// What was written since the last call: `put <key>`, `update <key>`, `delete <key>`.
    pub(crate) fn take_written(&self) -> Vec<String> {
        std::mem::take(&mut self.state.lock().unwrap().written)
    }

    fn lives(&self, item: &Item) -> bool {
        let expires_at = item.attributes.get(EXPIRES_AT).and_then(Value::as_i64);
        expires_at.is_none_or(|seconds| seconds > self.clock.now().as_secs())
    }

    fn apply(&self, state: &mut State, write: Write) -> Result<Option<Item>, TableError> {
        let (verb, key, condition) = match &write {
            Write::Put(item, condition) => ("put", &item.key, condition),
            Write::Update(key, _, condition) => ("update", key, condition),
            Write::Delete(key, condition) => ("delete", key, condition),
            Write::Check(key, condition) => ("check", key, condition),
        };
        let before = state.items.get(key).filter(|item| self.lives(item)).cloned();
        if !holds(condition, before.as_ref()) {
            return Err(TableError::ConditionFailed(vec![Refusal { index: 0, current: before }]));
        }
        state.written.push(format!("{verb} {}", spelled(key)));
        Ok(match write {
            Write::Put(item, _) => state.items.insert(item.key.clone(), item).and(before),
            Write::Delete(key, _) => state.items.remove(&key).and(before),
            Write::Update(key, changes, _) => Some(update(&mut state.items, key, changes)),
            Write::Check(..) => None,
        })
    }
}

fn spelled(key: &Key) -> String {
    format!("{}/{}", key.pk, key.sk)
}

fn update(items: &mut BTreeMap<Key, Item>, key: Key, changes: Vec<Change>) -> Item {
    let empty = || Item { key: key.clone(), attributes: serde_json::Map::new() };
    let item = items.entry(key.clone()).or_insert_with(empty);
    for change in changes {
        match change {
            Change::Set(name, value) => drop(item.attributes.insert(name, value)),
            Change::Remove(name) => drop(item.attributes.remove(&name)),
            Change::Add(name, number) => {
                let old = item.attributes.get(&name).and_then(Value::as_i64).unwrap_or(0);
                item.attributes.insert(name, json!(old + number));
            }
        }
    }
    item.clone()
}

fn holds(condition: &Condition, item: Option<&Item>) -> bool {
    let attribute = |name: &str| item.and_then(|item| item.attributes.get(name));
    match condition {
        Condition::Always => true,
        Condition::Exists => item.is_some(),
        Condition::Absent => item.is_none(),
        Condition::Has(name) => attribute(name).is_some(),
        Condition::Compare(name, comparison, value) => {
            attribute(name).is_some_and(|stored| compares(stored, *comparison, value))
        }
        Condition::All(parts) => parts.iter().all(|part| holds(part, item)),
        Condition::Any(parts) => parts.iter().any(|part| holds(part, item)),
        Condition::Not(inner) => !holds(inner, item),
    }
}

fn compares(stored: &Value, comparison: Comparison, value: &Value) -> bool {
    let order = match (stored, value) {
        (Value::String(stored), Value::String(value)) => Some(stored.cmp(value)),
        _ => stored.as_i64().zip(value.as_i64()).map(|(stored, value)| stored.cmp(&value)),
    };
    order.is_some_and(|order| match comparison {
        Comparison::Equal => order.is_eq(),
        Comparison::Less => order.is_lt(),
        Comparison::AtMost => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::AtLeast => order.is_ge(),
    })
}

fn is_in(range: &SortRange, sk: &str) -> bool {
    match range {
        SortRange::All => true,
        SortRange::Prefix(prefix) => sk.starts_with(prefix),
        SortRange::Between(low, high) => low.as_str() <= sk && sk <= high.as_str(),
    }
}

#[async_trait]
impl Table for MemoryTable {
    async fn get(&self, key: &Key, _: Consistency) -> Result<Option<Item>, TableError> {
        let state = self.state.lock().unwrap();
        Ok(state.items.get(key).filter(|item| self.lives(item)).cloned())
    }

    async fn batch_get(&self, keys: &[Key], _: Consistency) -> Result<Vec<Item>, TableError> {
        let state = self.state.lock().unwrap();
        let found = keys.iter().filter_map(|key| state.items.get(key));
        Ok(found.filter(|item| self.lives(item)).cloned().collect())
    }

    async fn query(&self, query: &Query) -> Result<Page, TableError> {
        let Partition::Table(pk) = &query.partition else {
            return Err(TableError::Invalid("this table has no index".into()));
        };
        let state = self.state.lock().unwrap();
        let looked_at =
            state.items.values().filter(|item| item.key.pk == *pk && is_in(&query.range, &item.key.sk));
        let looked_at =
            looked_at.filter(|item| query.after.as_ref().is_none_or(|after| item.key > after.key));
        let looked_at: Vec<_> = looked_at.take(query.limit).collect();
        let last = looked_at.last().filter(|_| looked_at.len() == query.limit);
        let next = last.map(|item| Cursor { key: item.key.clone(), index_sk: None });
        Ok(Page { items: looked_at.into_iter().filter(|item| self.lives(item)).cloned().collect(), next })
    }

    async fn write(&self, write: Write) -> Result<Option<Item>, TableError> {
        self.apply(&mut self.state.lock().unwrap(), write)
    }

    /// Tells of the first refusal alone.
    async fn transact(&self, writes: Vec<Write>) -> Result<(), TableError> {
        let mut state = self.state.lock().unwrap();
        let before = state.clone();
        for (index, write) in writes.into_iter().enumerate() {
            let Err(error) = self.apply(&mut state, write) else { continue };
            *state = before;
            return Err(match error {
                TableError::ConditionFailed(refusals) => {
                    let at_index = |refusal| Refusal { index, ..refusal };
                    TableError::ConditionFailed(refusals.into_iter().map(at_index).collect())
                }
                other => other,
            });
        }
        Ok(())
    }
}
