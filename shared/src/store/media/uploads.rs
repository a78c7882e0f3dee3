//! Direct uploads that are under way: `UPLOAD#<stored name>`, gone once they have become media or were given up.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::domain::media::Medium;
use crate::ids::{MediaId, StoredName, UserId};
use crate::ports::{Condition, Consistency, EXPIRES_AT, Item, Key, Table, TableError, Write};
use crate::protocol::Timestamp;
use crate::store::media::stored_media::{REQUEST_LIFE, additions, by_request};
use crate::store::record::{from_item, key, refused, to_item};

/// How long an upload may take, from its announcement to word of its end: longer than its `Idempotency-Key` is
/// remembered, so that no key ever stands for an upload that is forgotten.
const LIFE: Duration = Duration::from_secs(48 * 3600);
/// How long it is remembered that an upload was given up: far longer than one worker may take to finish one.
const GIVEN_UP: Duration = Duration::from_secs(3600);
/// What only a record of an upload under way has.
const MEDIUM: &str = "medium";

/// A medium whose bytes are still to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingUpload {
    /// What it is to be. Size, type and checksum are announced, not known.
    pub medium: Medium,
    /// The `Idempotency-Key` of the request that announced it.
    pub request: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct RequestPointer {
    id: MediaId,
    stored_name: Option<StoredName>,
}

/// The direct uploads in a table.
#[derive(Debug)]
pub struct Uploads<'a>(pub &'a dyn Table);

impl Uploads<'_> {
    /// Notes an upload that is about to begin; tells whether no other one was announced by the same request before.
    pub async fn begin(&self, upload: &PendingUpload) -> Result<bool, TableError> {
        let Medium { id, stored_name, owner, created_at, .. } = &upload.medium;
        let mut writes = vec![put(pending(stored_name), upload, created_at.plus(LIFE))?];
        if let Some(request) = &upload.request {
            let pointer = RequestPointer { id: *id, stored_name: Some(stored_name.clone()) };
            writes.push(put(by_request(*owner, request), &pointer, created_at.plus(REQUEST_LIFE))?);
        }
        Ok(refused(self.0.transact(writes).await)?.is_none())
    }

    /// The upload under that name, while it is under way.
    pub async fn pending(&self, name: &StoredName) -> Result<Option<PendingUpload>, TableError> {
        let item = self.0.get(&pending(name), Consistency::Strong).await?;
        item.filter(|item| item.attributes.contains_key(MEDIUM)).map(from_item).transpose()
    }

    /// The upload that this person's request with that `Idempotency-Key` announced, while it is under way.
    pub async fn begun_by(&self, owner: UserId, request: &str) -> Result<Option<PendingUpload>, TableError> {
        let item = self.0.get(&by_request(owner, request), Consistency::Strong).await?;
        let pointer: Option<RequestPointer> = item.map(from_item).transpose()?;
        match pointer.and_then(|pointer| pointer.stored_name) {
            Some(name) => self.pending(&name).await,
            None => Ok(None),
        }
    }

    /// Makes an upload the medium that its bytes turned out to be; tells whether it was still under way.
    pub async fn finish(&self, medium: &Medium) -> Result<bool, TableError> {
        let mut writes = additions(medium)?;
        writes.push(Write::Delete(pending(&medium.stored_name), Condition::Has(MEDIUM.to_owned())));
        Ok(refused(self.0.transact(writes).await)?.is_none())
    }

    /// Gives up an upload, so that nobody can finish it from now on, and its `Idempotency-Key` may be used anew.
    pub async fn give_up(&self, upload: &PendingUpload, now: Timestamp) -> Result<bool, TableError> {
        let name = pending(&upload.medium.stored_name);
        let under_way = Condition::Has(MEDIUM.to_owned());
        let mut writes = vec![Write::Put(given_up(name, now), under_way)];
        if let Some(request) = &upload.request {
            let place = by_request(upload.medium.owner, request);
            writes.push(Write::Delete(place, Condition::Always));
        }
        Ok(refused(self.0.transact(writes).await)?.is_none())
    }

    /// Sees to it that nobody finishes an upload that is under way no more, should another clock be behind ours.
    pub async fn close(&self, name: &StoredName, now: Timestamp) -> Result<(), TableError> {
        let write = Write::Put(given_up(pending(name), now), Condition::Absent);
        refused(self.0.write(write).await).map(drop)
    }
}

fn put(place: Key, record: &impl Serialize, expires_at: Timestamp) -> Result<Write, TableError> {
    let Item { key, mut attributes } = to_item(place, record)?;
    attributes.insert(EXPIRES_AT.to_owned(), expires_at.as_secs().into());
    Ok(Write::Put(Item { key, attributes }, Condition::Absent))
}

fn given_up(key: Key, now: Timestamp) -> Item {
    let expires_at = now.plus(GIVEN_UP).as_secs();
    Item { key, attributes: [(EXPIRES_AT.to_owned(), expires_at.into())].into_iter().collect() }
}

fn pending(name: &StoredName) -> Key {
    key(format!("UPLOAD#{name}"), "PENDING")
}
