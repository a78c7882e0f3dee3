//! Which objects a bucket holds, and which it held.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use s3s::{S3Result, s3_error};
use tokio::sync::broadcast;

use super::ObjectCreated;

/// How many new objects may wait for a listener that is slow.
const WAITING_OBJECTS: usize = 1024;

/// One version of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Version {
    pub(super) id: String,
    /// What it holds; nothing if it marks that the object was deleted.
    pub(super) content: Option<Content>,
}

/// What a version holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Content {
    pub(super) etag: String,
    pub(super) size: u64,
}

/// The versions of all objects, newest last.
#[derive(Debug)]
pub(super) struct ObjectVersions {
    state: Mutex<State>,
    created: broadcast::Sender<ObjectCreated>,
}

#[derive(Debug, Default)]
struct State {
    buckets: HashMap<String, BTreeMap<String, Vec<Version>>>,
    next_id: u64,
}

impl Default for ObjectVersions {
    fn default() -> Self {
        Self { state: Mutex::default(), created: broadcast::channel(WAITING_OBJECTS).0 }
    }
}

impl ObjectVersions {
    /// A name that no other version has.
    pub(super) fn new_id(&self) -> String {
        let mut state = self.state();
        state.next_id += 1;
        format!("v{:015}", state.next_id)
    }

    /// A version that has become the newest one. With `only_if_absent`, unless there is an object already.
    pub(super) fn push(&self, created: ObjectCreated, only_if_absent: bool) -> S3Result<()> {
        let mut state = self.state();
        let versions = state.of(&created.bucket, &created.key);
        if only_if_absent && versions.last().is_some_and(|newest| newest.content.is_some()) {
            return Err(s3_error!(PreconditionFailed));
        }
        let content = Content { etag: created.etag.clone(), size: created.size };
        versions.push(Version { id: created.version_id.clone(), content: Some(content) });
        drop(state);
        // Nobody has to listen.
        let _listeners = self.created.send(created);
        Ok(())
    }

    /// Marks that an object was deleted, and answers the marker's id.
    pub(super) fn mark_deleted(&self, bucket: &str, key: &str) -> String {
        let id = self.new_id();
        self.state().of(bucket, key).push(Version { id: id.clone(), content: None });
        id
    }

    /// Takes a version away for good; what was there, if anything.
    pub(super) fn remove(&self, bucket: &str, key: &str, id: &str) -> Option<Version> {
        let mut state = self.state();
        let versions = state.of(bucket, key);
        let at = versions.iter().position(|version| version.id == id)?;
        Some(versions.remove(at))
    }

    /// The version of that id, or the newest one. It may be a mark that the object was deleted.
    pub(super) fn find(&self, bucket: &str, key: &str, id: Option<&str>) -> Option<Version> {
        let state = self.state();
        let versions = state.buckets.get(bucket)?.get(key)?;
        match id {
            Some(id) => versions.iter().find(|version| version.id == id).cloned(),
            None => versions.last().cloned(),
        }
    }

    /// All objects of a bucket by key, with their newest versions.
    pub(super) fn objects(&self, bucket: &str) -> Vec<(String, Content)> {
        let state = self.state();
        let keys = state.buckets.get(bucket).into_iter().flatten();
        let newest = |(key, versions): (&String, &Vec<Version>)| {
            Some((key.clone(), versions.last()?.content.clone()?))
        };
        keys.filter_map(newest).collect()
    }

    pub(super) fn keys(&self, bucket: &str) -> Vec<String> {
        self.objects(bucket).into_iter().map(|(key, _)| key).collect()
    }

    pub(super) fn created(&self) -> broadcast::Receiver<ObjectCreated> {
        self.created.subscribe()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn of(&mut self, bucket: &str, key: &str) -> &mut Vec<Version> {
        self.buckets.entry(bucket.to_owned()).or_default().entry(key.to_owned()).or_default()
    }
}
