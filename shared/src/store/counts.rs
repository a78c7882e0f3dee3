//! How often something was done in a window of time: `LIMIT#<what>#<who>`, an item for each window, or for each window and
//! place that it is counted by besides.

use serde_json::Value;

use super::record::key;
use crate::domain::limit::Window;
use crate::ports::{Change, Condition, EXPIRES_AT, Table, TableError, Write};

/// What is counted together.
#[derive(Debug, Clone, Copy)]
pub struct Counted<'a> {
    /// What was done.
    pub what: &'a str,
    /// By whom, or to whom.
    pub who: &'a str,
    /// From where, if that is told apart.
    pub from: Option<&'a str>,
}

/// The counts in a table: all processes count together.
#[derive(Debug)]
pub struct Counts<'a>(pub &'a dyn Table);

impl Counts<'_> {
    /// Counts one more; answers how many there are now.
    pub async fn add(&self, counted: Counted<'_>, window: Window) -> Result<u64, TableError> {
        let Counted { what, who, from } = counted;
        let begins = window.begins.to_string();
        let name = from.map_or(begins.clone(), |from| format!("{from}#{begins}"));
        let place = key(format!("LIMIT#{what}#{who}"), name);
        let changes = vec![
            Change::Add("count".to_owned(), 1),
            // A clock that is behind ours still counts in this window.
            Change::Set(EXPIRES_AT.to_owned(), window.ends.saturating_add(60).into()),
        ];
        let item = self.0.write(Write::Update(place, changes, Condition::Always)).await?;
        let count = item.and_then(|item| item.attributes.get("count").and_then(Value::as_u64));
        count.ok_or_else(|| TableError::Unavailable("a count has no value".into()))
    }
}
