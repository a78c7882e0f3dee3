//! Items by key, with what they were a moment ago: whoever reads eventually may be answered that.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use parlor::ports::table::Attributes;
use parlor::ports::{INDEX_PK, INDEX_SK, Key};

/// For how many microseconds the past is remembered.
const REMEMBERED: i64 = 2_000_000;
/// After how many writes what nobody remembers is swept away.
const SWEEP_EVERY: u32 = 2048;

/// An item at a moment; none while there was none.
#[derive(Debug, Clone)]
struct Version {
    at: i64,
    item: Option<Arc<Attributes>>,
}

/// All items, and where they are in the index.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    items: BTreeMap<Key, Vec<Version>>,
    /// Partition and place in the index, with the item's key, whether or not it is there still.
    index: BTreeMap<(String, String, Key), ()>,
    writes: u32,
}

impl Shelf {
    /// An item as it was at a moment, expired or not.
    pub(super) fn get(&self, key: &Key, at: i64) -> Option<&Arc<Attributes>> {
        version(self.items.get(key)?, at)
    }

    /// The items of a partition at a moment whose places lie between these, in order.
    pub(super) fn range(
        &self,
        from: Bound<Key>,
        to: Bound<Key>,
        at: i64,
    ) -> impl DoubleEndedIterator<Item = (&Key, &Arc<Attributes>)> {
        self.items.range((from, to)).filter_map(move |(key, versions)| Some((key, version(versions, at)?)))
    }

    /// The same of the index.
    pub(super) fn index_range(
        &self,
        from: Bound<(String, String, Key)>,
        to: Bound<(String, String, Key)>,
        at: i64,
    ) -> impl DoubleEndedIterator<Item = (&str, &Key, &Arc<Attributes>)> {
        self.index.range((from, to)).filter_map(move |((pk, sk, key), ())| {
            let item = self.get(key, at)?;
            let is_there = place(item) == Some((pk.as_str(), sk.as_str()));
            is_there.then_some((sk.as_str(), key, item))
        })
    }

    pub(super) fn put(&mut self, key: &Key, item: Option<Attributes>, at: i64) {
        if let Some((pk, sk)) = item.as_ref().and_then(place) {
            self.index.insert((pk.to_owned(), sk.to_owned(), key.clone()), ());
        }
        let versions = self.items.entry(key.clone()).or_default();
        forget(versions, at);
        versions.push(Version { at, item: item.map(Arc::new) });
        self.writes += 1;
        if self.writes.is_multiple_of(SWEEP_EVERY) {
            self.sweep(at);
        }
    }

    fn sweep(&mut self, now: i64) {
        self.items.retain(|_, versions| {
            forget(versions, now);
            versions.iter().any(|version| version.item.is_some())
        });
        let items = &self.items;
        self.index.retain(|(pk, sk, key), ()| {
            let versions = items.get(key).into_iter().flatten();
            versions.filter_map(|version| version.item.as_ref()).any(|item| place(item) == Some((pk, sk)))
        });
    }
}

fn place(item: &Attributes) -> Option<(&str, &str)> {
    Some((item.get(INDEX_PK)?.as_str()?, item.get(INDEX_SK)?.as_str()?))
}

fn version(versions: &[Version], at: i64) -> Option<&Arc<Attributes>> {
    versions.iter().rfind(|version| version.at <= at)?.item.as_ref()
}

/// What was before all that may still be asked for.
fn forget(versions: &mut Vec<Version>, now: i64) {
    let first = versions.iter().rposition(|version| version.at <= now - REMEMBERED);
    versions.drain(..first.unwrap_or(0));
}
