//! The write by which a message becomes what it is from now on.

use super::row::{CHANGED_BY, REACTION, Row};
use crate::ids::EventId;
use crate::ports::{Change, Comparison, Condition, Key, TableError, Write};
use crate::store::record::to_item;

/// The write that makes one row of the other, if no other fold than this one has changed it last.
pub(super) fn message_change(
    place: Key,
    before: &Row,
    after: &Row,
    changed_by: Option<EventId>,
) -> Result<Write, TableError> {
    let changes = changes(before, after, &place)?;
    Ok(Write::Update(place, changes, unchanged_since(changed_by)))
}

/// The write that takes its words from the event of a reaction.
pub(super) fn reaction_cleared(place: Key) -> Write {
    Write::Update(place, vec![Change::Remove(REACTION.to_owned())], Condition::Exists)
}

/// Every fold names itself on its message, so that this refuses whatever another one has changed meanwhile.
fn unchanged_since(fold: Option<EventId>) -> Condition {
    match fold {
        Some(id) => Condition::Compare(CHANGED_BY.to_owned(), Comparison::Equal, id.0.into()),
        None => {
            let has = Condition::Not(Box::new(Condition::Has(CHANGED_BY.to_owned())));
            Condition::All(vec![Condition::Exists, has])
        }
    }
}

/// What makes one row of the other.
fn changes(before: &Row, after: &Row, place: &Key) -> Result<Vec<Change>, TableError> {
    let before = to_item(place.clone(), before)?.attributes;
    let after = to_item(place.clone(), after)?.attributes;
    let removed = before.keys().filter(|name| !after.contains_key(*name)).cloned().map(Change::Remove);
    let removed: Vec<Change> = removed.collect();
    let set = after.into_iter().filter(|(name, value)| before.get(name) != Some(value));
    Ok(set.map(|(name, value)| Change::Set(name, value)).chain(removed).collect())
}
