//! Queries.

use std::ops::Bound;
use std::sync::Arc;

use parlor::ports::table::{Attributes, rules};
use parlor::ports::{Cursor, Direction, Item, Key, Page, Partition, Query, SortRange};

use super::memory_table::is_alive;
use super::shelf::Shelf;

/// A page ends when it is this large.
const MAX_PAGE_BYTES: usize = 1024 * 1024;

/// A page as it was at a moment.
pub(super) fn page(shelf: &Shelf, query: &Query, at: i64) -> Page {
    match &query.partition {
        Partition::Table(pk) => {
            let (from, to) = bounds(query);
            let key = |sk: Bound<String>| sk.map(|sk| Key { pk: pk.clone(), sk });
            let (from, to) = (key(from), key(to));
            let found = if is_empty(&from, &to) { None } else { Some(shelf.range(from, to, at)) };
            let found = found.into_iter().flatten().map(|(key, item)| (None, key, item));
            in_direction(query, found.filter(|(_, _, item)| is_alive(item, at)))
        }
        Partition::Index(pk) => {
            let (from, to) = index_bounds(pk, query);
            let found = if is_empty(&from, &to) { None } else { Some(shelf.index_range(from, to, at)) };
            let found = found.into_iter().flatten().map(|(sk, key, item)| (Some(sk.to_owned()), key, item));
            in_direction(query, found.filter(|(_, _, item)| is_alive(item, at)))
        }
    }
}

type Found<'a> = (Option<String>, &'a Key, &'a Arc<Attributes>);

fn in_direction<'a>(query: &Query, found: impl DoubleEndedIterator<Item = Found<'a>>) -> Page {
    match query.direction {
        Direction::Forward => collect(query.limit, found),
        Direction::Backward => collect(query.limit, found.rev()),
    }
}

fn collect<'a>(limit: usize, found: impl Iterator<Item = Found<'a>>) -> Page {
    let (mut items, mut bytes, mut last) = (Vec::new(), 0, None);
    for (index_sk, key, attributes) in found {
        if items.len() == limit || bytes > MAX_PAGE_BYTES {
            return Page { items, next: last };
        }
        let item = Item { key: key.clone(), attributes: (**attributes).clone() };
        bytes += rules::item_size(&item).unwrap_or(0);
        last = Some(Cursor { key: key.clone(), index_sk });
        items.push(item);
    }
    Page { items, next: None }
}

fn is_empty<T: Ord>(from: &Bound<T>, to: &Bound<T>) -> bool {
    match (from, to) {
        (Bound::Included(from), Bound::Included(to)) => from > to,
        (Bound::Included(from) | Bound::Excluded(from), Bound::Excluded(to) | Bound::Included(to)) => {
            from >= to
        }
        _ => false,
    }
}

/// The places that a query of the table reads.
fn bounds(query: &Query) -> (Bound<String>, Bound<String>) {
    let (mut from, mut to) = range(&query.range);
    if let Some(after) = &query.after {
        let sk = after.key.sk.clone();
        match query.direction {
            Direction::Forward => from = later(from, Bound::Excluded(sk)),
            Direction::Backward => to = earlier(to, Bound::Excluded(sk)),
        }
    }
    (from, to)
}

fn range(range: &SortRange) -> (Bound<String>, Bound<String>) {
    match range {
        // Greater than all texts that keys are made of.
        SortRange::All => (Bound::Included(String::new()), Bound::Included("\u{10ffff}".repeat(2))),
        SortRange::Prefix(prefix) => {
            (Bound::Included(prefix.clone()), Bound::Included(format!("{prefix}\u{10ffff}\u{10ffff}")))
        }
        SortRange::Between(first, last) => (Bound::Included(first.clone()), Bound::Included(last.clone())),
    }
}

fn later(one: Bound<String>, other: Bound<String>) -> Bound<String> {
    match (&one, &other) {
        (Bound::Included(mine), Bound::Excluded(theirs)) if mine > theirs => one,
        _ => other,
    }
}

fn earlier(one: Bound<String>, other: Bound<String>) -> Bound<String> {
    match (&one, &other) {
        (Bound::Included(mine), Bound::Excluded(theirs)) if mine < theirs => one,
        _ => other,
    }
}

type IndexBound = Bound<(String, String, Key)>;

fn index_bounds(pk: &str, query: &Query) -> (IndexBound, IndexBound) {
    let edge = |text: &str| Key { pk: text.to_owned(), sk: text.to_owned() };
    let (from, to) = range(&query.range);
    let text = |bound: Bound<String>| match bound {
        Bound::Included(text) | Bound::Excluded(text) => text,
        Bound::Unbounded => String::new(),
    };
    let mut low = Bound::Included((pk.to_owned(), text(from), edge("")));
    let mut high = Bound::Included((pk.to_owned(), text(to), edge("\u{10ffff}\u{10ffff}")));
    if let Some(Cursor { key, index_sk: Some(index_sk) }) = &query.after {
        let place = (pk.to_owned(), index_sk.clone(), key.clone());
        match (&query.direction, &low, &high) {
            (Direction::Forward, Bound::Included(least), _) if place >= *least => {
                low = Bound::Excluded(place)
            }
            (Direction::Backward, _, Bound::Included(most)) if place <= *most => {
                high = Bound::Excluded(place)
            }
            _ => {}
        }
    }
    (low, high)
}
